import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { authorityFile } from '../supabase/tls/authority.ts';
import type { World } from '../world.ts';
import type { ContainerHost } from './container.ts';
import { metadataHost } from './networks/ways-out.ts';
import { partsOf, type RevisionRecord, shortName } from './records.ts';
import { secretFolder } from './secret-folder.ts';
import { readSecret, secretVariables } from './secret-refs.ts';
import { ingressContainer, readTemplate, type Template } from './template.ts';

/**
 * The whole environment of a process that stands for a container: what its image and its service
 * declare, then what Cloud Run sets, and nothing of the sandbox's own. Rejects with Cloud Run's
 * words where a secret may not be read.
 */
export async function processEnvironment(
  host: ContainerHost,
  revision: RevisionRecord,
  { imageEnv, ...place }: InstancePlace & { readonly imageEnv: readonly string[] },
): Promise<Record<string, string>> {
  return {
    HOME: tmpdir(),
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    ...Object.fromEntries(imageEnv.map(pairOf)),
    // As an image of yours carries the file that Supabase gives out.
    PGSSLROOTCERT: authorityOf(host.world),
    ...(await containerEnvironment(host, revision, place)),
    // Where nothing can be mounted, `/secrets/<name>` is `$SECRETS_DIR/<name>` instead.
    ...(host.isolation.mounts
      ? {}
      : { SECRETS_DIR: join(secretFolder(host.world, revision), 'secrets') }),
    PATH: [host.samplePath, process.env['PATH']].filter(Boolean).join(delimiter),
  };
}

/** The port to listen on, and whether in a network of its own or in the machine's. */
export interface InstancePlace {
  readonly port: number;
  readonly network: 'own' | 'host';
}

/** What a container of any kind gets: the declared variables and secrets, then Cloud Run's own. */
export async function containerEnvironment(
  host: ContainerHost,
  revision: RevisionRecord,
  { port, network }: InstancePlace,
): Promise<Record<string, string>> {
  const { project } = partsOf(revision.name);
  const template = readTemplate(revision.template);
  const metadata = await metadataHost(host.metadata, revision, network);
  return {
    ...declared(template),
    ...secret(host, template, project),
    ...(revision.variables ?? serviceVariables(revision, port)),
    GOOGLE_CLOUD_PROJECT: project,
    GCE_METADATA_HOST: metadata,
    GCE_METADATA_IP: metadata,
  };
}

function serviceVariables({ service, name }: RevisionRecord, port: number) {
  return {
    PORT: String(port),
    K_SERVICE: shortName(service),
    K_REVISION: shortName(name),
    K_CONFIGURATION: shortName(service),
  };
}

/** The file of the authority that signs the databases' certificates. */
export function authorityOf(world: World): string {
  return authorityFile(join(world.folder, 'supabase'));
}

function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

function declared(template: Template): Record<string, string> {
  const plain = (ingressContainer(template).env ?? []).filter(
    ({ valueSource }) => valueSource === undefined,
  );
  return Object.fromEntries(plain.map(({ name, value }) => [name, value ?? '']));
}

function secret(host: ContainerHost, template: Template, project: string): Record<string, string> {
  const account = template.serviceAccount ?? '';
  return Object.fromEntries(
    secretVariables(template, project).map((ref) => [
      ref.variable,
      readSecret(host.world, ref, account).toString(),
    ]),
  );
}
