import { rmSync } from 'node:fs';
import type { World } from '../world.ts';
import { echoes, type EchoFace, echoRoutes } from './echo-face.ts';
import type { Route } from './http.ts';
import { policyVerbs } from './policies.ts';
import { repositoryFolder } from './registry/folders.ts';

const face: EchoFace = {
  file: 'repositories',
  version: 'v1',
  parent: 'projects/*/locations/*',
  kind: 'repositories',
  permissions: 'artifactregistry.repositories',
  id: 'repository_id',
  operation: {
    metadataType: 'google.devtools.artifactregistry.v1.OperationMetadata',
    responseType: 'google.devtools.artifactregistry.v1.Repository',
  },
  changesAtOnce: true, // UpdateRepository answers a Repository
  serverFields(world, name, before) {
    const now = world.now().toISOString();
    const [, project = '', , location = '', , id = ''] = name.split('/');
    const registryUri = `${location}-docker.pkg.dev/${project}/${id}`;
    return { createTime: before?.['createTime'] ?? now, updateTime: now, registryUri };
  },
  removed(world, name) {
    const [, project = '', , , , id = ''] = name.split('/');
    rmSync(repositoryFolder(world, project, id), { recursive: true, force: true });
  },
};

/** The Artifact Registry API, v1: repositories and their policies. */
export function artifactRegistryRoutes(world: World): readonly Route[] {
  return [
    ...policyVerbs(world, {
      template: `/v1/{resource=${face.parent}/repositories/*}`,
      permissions: face.permissions,
      exists: (name) => echoes(world, face.file).get(name) !== undefined,
    }),
    ...echoRoutes(world, face),
  ];
}

/** The full name of a project's repository, of any region where none is said; undefined = none. */
export function repositoryNamed(
  world: World,
  {
    project,
    id,
    region,
  }: { readonly project: string; readonly id: string; readonly region?: string | undefined },
): string | undefined {
  return echoes(world, face.file)
    .list()
    .map(([name]) => name)
    .filter((name) => region === undefined || name.includes(`/locations/${region}/`))
    .find((name) => name.startsWith(`projects/${project}/`) && name.endsWith(`/${id}`));
}
