import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { held } from '../../src/held.ts';
import type { Collection, World } from '../world.ts';
import { runBuild } from './cloud-build/run-build.ts';
import { type Call, invalid, notFound, ok, param, type Reply, type Route } from './http.ts';
import { demandProject } from './projects.ts';

const StorageSource = z.object({
  bucket: z.string(),
  object: z.string(),
  generation: z.string().optional(),
});

/** What a client says of a build, as far as it is acted upon. */
const Asked = z.looseObject({
  source: z.object({ storageSource: StorageSource }),
  steps: z.array(z.looseObject({ name: z.string(), args: z.array(z.string()).default([]) })).min(1),
  artifacts: z
    .looseObject({
      objects: z.object({ location: z.string(), paths: z.array(z.string()) }).optional(),
    })
    .optional(),
  logsBucket: z.string().optional(),
});
export type AskedBuild = z.infer<typeof Asked>;

const Build = Asked.extend({
  id: z.string(),
  projectId: z.string(),
  status: z.string(),
  session: z.string(),
});
type Build = z.infer<typeof Build>;

const parents = ['projects/{project}/locations/{location}', 'projects/{project}'];

/** The Cloud Build API, v1: builds of an archive in a bucket, by the engine of this machine. */
export function cloudBuildRoutes(world: World): readonly Route[] {
  return parents.flatMap((parent): readonly Route[] => [
    { method: 'POST', template: `/v1/${parent}/builds`, handle: (call) => start(world, call) },
    { method: 'GET', template: `/v1/${parent}/builds`, handle: (call) => list(world, call) },
    { method: 'GET', template: `/v1/${parent}/builds/{id}`, handle: (call) => get(world, call) },
  ]);
}

function start(world: World, call: Call): Reply {
  const { projectId } = allowed(world, call, 'cloudbuild.builds.create');
  const asked = Asked.safeParse(call.body);
  if (!asked.success) throw invalid(`Invalid build: ${z.prettifyError(asked.error)}`);
  const id = randomUUID();
  const now = world.now().toISOString();
  const logUrl = `https://console.cloud.google.com/cloud-build/builds/${id}?project=${projectId}`;
  const given = {
    id,
    projectId,
    status: 'QUEUED',
    session: world.session,
    createTime: now,
    logUrl,
  };
  const build = { ...asked.data, ...given };
  builds(world).set(id, build);
  const save = (change: object): void =>
    builds(world).set(id, { ...builds(world).get(id), ...build, ...change });
  void held(runBuild(world, { id, ...asked.data }, save));
  const type = 'type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata';
  const name = `operations/build/${projectId}/${Buffer.from(id).toString('base64')}`;
  return ok({ name, metadata: { '@type': type, build: shown(world, build) } });
}

function get(world: World, call: Call): Reply {
  const { projectId } = allowed(world, call, 'cloudbuild.builds.get');
  const build = builds(world).get(param(call, 'id'));
  if (build?.projectId !== projectId) throw notFound('Requested entity was not found.');
  return ok(shown(world, build));
}

function list(world: World, call: Call): Reply {
  const { projectId } = allowed(world, call, 'cloudbuild.builds.list');
  const all = builds(world).list();
  const own = all.flatMap(([, build]) => (build.projectId === projectId ? [build] : []));
  return ok({ builds: own.map((build) => shown(world, build)) });
}

function allowed(world: World, call: Call, permission: string) {
  return demandProject(world, call.caller, `projects/${param(call, 'project')}`, permission);
}

/** A build that a server left unfinished when it ended will not go on. */
function shown(world: World, { session, ...build }: Build): object {
  const open = build.status === 'QUEUED' || build.status === 'WORKING';
  return open && session !== world.session ? { ...build, status: 'INTERNAL_ERROR' } : build;
}

const builds = (world: World): Collection<Build> => world.collection('cloud-builds', Build);
