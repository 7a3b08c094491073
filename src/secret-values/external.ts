import { drilledBy } from '../drills/drill-site.ts';
import { Failure } from '../failure.ts';
import type { Waiting } from '../gcp/access.ts';
import { enableApi } from '../gcp/enable-api.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { ensureSecret } from '../gcp/secret-container.ts';
import { ensureVersion } from '../gcp/secret-value.ts';
import { newestEnabled } from '../gcp/secrets.ts';
import { secretName, serviceSecrets } from '../services.ts';
import type { ServiceSecret } from '../services.ts';
import type { Site } from '../site.ts';

/** The secrets whose values only a person can give. */
export function externalSecrets(site: Pick<Site, 'config'>): readonly ServiceSecret[] {
  return serviceSecrets(site.config).filter(({ source }) => source === 'external');
}

/**
 * Has a place for every value that a person gives. No stack holds it, so that whatever is undone or
 * taken away leaves the value where it is.
 */
export async function ensureExternal(site: Site, signal?: AbortSignal): Promise<void> {
  await ensureContainers(site, externalSecrets(site), signal ? { signal } : {});
}

/** Puts a value where the service reads it, as a version of its own; answers which, and whether it is new. */
export async function setExternal(site: Site, secret: ServiceSecret, value: Buffer) {
  await ensureContainers(site, [secret]);
  return ensureVersion(site.google, { secret: secret.id, value, key: value });
}

async function ensureContainers(
  site: Site,
  secrets: readonly ServiceSecret[],
  waiting: Waiting = {},
): Promise<void> {
  if (secrets.length === 0) return;
  await enableApi(site.google, 'secretmanager.googleapis.com', waiting);
  for (const secret of secrets) await ensureSecret(site.google, containerOf(site, secret), waiting);
}

/** Those of them that hold no value which could be read. */
export async function withoutValue(site: Site): Promise<readonly ServiceSecret[]> {
  const found = await Promise.all(
    externalSecrets(site).map(async (secret) => {
      const newest = await unlessMissing(newestEnabled(site.google, secret.id));
      return newest === undefined ? [secret] : [];
    }),
  );
  return found.flat();
}

/** Throws SECRET_VALUE_MISSING, with the commands to type; a drill gets along without. */
export function refuseWithoutValue(site: Site, missing: readonly ServiceSecret[]): void {
  if (missing.length === 0 || drilledBy(site.name) !== undefined) return;
  const names = missing.map(({ id }) => id).join(', ');
  throw new Failure({
    code: 'SECRET_VALUE_MISSING',
    what: `${names} ${missing.length === 1 ? 'has' : 'have'} no value in ${site.name}`,
    why: 'windlass.yaml declares it `external`: you have to set it, and the service does not start without it',
    fix: `Run ${missing.map((one) => `\`${commandFor(site.name, one)}\``).join(', ')}; then run the command again.`,
  });
}

/** What is typed to give a secret its value. */
export function commandFor(environment: string, secret: ServiceSecret): string {
  return `windlass secrets set ${secret.service}/${secretName(secret)} -e ${environment} < FILE`;
}

function containerOf({ name }: Site, { id, service }: ServiceSecret) {
  return { secret: id, labels: { environment: name, 'managed-by': 'windlass', service } };
}
