import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { ContainerHost } from './container.ts';
import type { Mount } from './mount-namespace.ts';
import { partsOf, type RevisionRecord, shortName } from './records.ts';
import { readSecret, secretVariables } from './secret-refs.ts';
import { ingressContainer, readTemplate, type Template } from './template.ts';

/**
 * The whole environment of a container: what it declares, then what Cloud Run sets, and nothing
 * of the sandbox's own. Rejects with Cloud Run's words where a secret may not be read.
 */
export async function containerEnvironment(
  host: ContainerHost,
  revision: RevisionRecord,
  place: { readonly port: number; readonly mounts: readonly Mount[] },
): Promise<Record<string, string>> {
  const { project } = partsOf(revision.name);
  const template = readTemplate(revision.template);
  const metadata = await host.metadataHost(template.serviceAccount ?? '', project);
  return {
    HOME: tmpdir(),
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    ...declared(template),
    ...secret(host, template, project),
    ...(host.isolation.mounts ? {} : secretsDir(place.mounts)),
    PATH: [host.samplePath, process.env['PATH']].filter(Boolean).join(delimiter),
    PORT: String(place.port),
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

// Where nothing can be mounted, `/secrets/<volume>` is found below $SECRETS_DIR instead.
function secretsDir(mounts: readonly Mount[]): Record<string, string> {
  const [first] = mounts;
  return first === undefined ? {} : { SECRETS_DIR: join(dirname(first.source)) };
}
