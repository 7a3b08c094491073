import { accessVersion, newestEnabled } from '../gcp/secrets.ts';
import { migratorSecret } from '../login-secrets.ts';
import { serviceSecrets } from '../services.ts';
import type { Site } from '../site.ts';

/** How long what was learned is taken for all there is: a run adds few secrets while it fails. */
const freshMs = 60_000;
/** A failure is reported in spite of a Google that does not answer. */
const patienceMs = 5000;

const learned = new Map<string, number>();

/**
 * Reads the environment's secrets once before a failure is told: what a service printed as it
 * crashed, or a migration raised, may hold a value that this worker has not seen yet. Never throws.
 */
export async function learnOwnSecrets(site: Site): Promise<void> {
  const { project } = site.google;
  if (Date.now() - (learned.get(project) ?? 0) < freshMs) return;
  learned.set(project, Date.now());
  const signal = AbortSignal.timeout(patienceMs);
  const ids = [migratorSecret, ...serviceSecrets(site.config).map(({ id }) => id)];
  await Promise.allSettled(ids.map((id) => learn(site, id, signal)));
}

async function learn({ google }: Site, secret: string, signal: AbortSignal): Promise<void> {
  const version = await newestEnabled(google, secret, { signal });
  if (version !== undefined) await accessVersion(google, { secret, version }, { signal });
}
