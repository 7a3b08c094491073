import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { authorityFile } from '../supabase/tls/authority.ts';
import type { ContainerHost } from './container.ts';
import { partsOf, type RevisionRecord, shortName } from './records.ts';
import { secretFolder } from './secret-folder.ts';
import { readSecret, secretVariables } from './secret-refs.ts';
import { ingressContainer, readTemplate, type Template } from './template.ts';

/**
 * The whole environment of a container: what it declares, then what Cloud Run sets, and nothing
 * of the sandbox's own. Rejects with Cloud Run's words where a secret may not be read.
 */
export async function containerEnvironment(
  host: ContainerHost,
  revision: RevisionRecord,
  port: number,
): Promise<Record<string, string>> {
  const { project } = partsOf(revision.name);
  const template = readTemplate(revision.template);
  const metadata = await host.metadataHost(template.serviceAccount ?? '', project);
  return {
    HOME: tmpdir(),
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    // As an image of yours carries the file that Supabase gives out.
    PGSSLROOTCERT: authorityFile(join(host.world.folder, 'supabase')),
    ...declared(template),
    ...secret(host, template, project),
    // Where nothing can be mounted, `/secrets/<name>` is `$SECRETS_DIR/<name>` instead.
    ...(host.isolation.mounts
      ? {}
      : { SECRETS_DIR: join(secretFolder(host.world, revision), 'secrets') }),
    PATH: [host.samplePath, process.env['PATH']].filter(Boolean).join(delimiter),
    PORT: String(port),
    K_SERVICE: shortName(revision.service),
    K_REVISION: shortName(revision.name),
    K_CONFIGURATION: shortName(revision.service),
    GOOGLE_CLOUD_PROJECT: project,
    GCE_METADATA_HOST: metadata,
    GCE_METADATA_IP: metadata,
  };
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
