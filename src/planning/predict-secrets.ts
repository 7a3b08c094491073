import { Failure } from '../failure.ts';
import { listVersions } from '../gcp/secrets.ts';
import type { Site } from '../site.ts';
import { serviceSecrets } from '../services.ts';

export interface SecretsForecast {
  /** The version that each secret will have when the services are applied. */
  readonly versions: Readonly<Record<string, string>>;
  /** Those that have no enabled version yet. */
  readonly missing: readonly string[];
}

/** Secrets, by id, that get a new value though they have one. */
export interface Renewed {
  readonly rotate?: readonly string[] | undefined;
  readonly dead?: readonly string[];
}

/**
 * Secret Manager counts versions from 1 and never reuses a number, so the next one is known. A
 * rollback's `wanted` versions are taken where the secret still has any that is enabled; what is to
 * `rotate`, and a login that is `dead`, gets its next version.
 */
export async function predictSecrets(
  site: Site,
  wanted: Readonly<Record<string, string>> = {},
  { rotate = [], dead = [] }: Renewed = {},
): Promise<SecretsForecast> {
  const found = await Promise.all(
    serviceSecrets(site.config).map(async ({ id }) => {
      const versions = await listVersions(site.google, id).catch(noneYet);
      const enabled = versions.find(({ state }) => state === 'ENABLED');
      const next = (versions[0]?.number ?? 0) + 1;
      const keeps = enabled && !rotate.includes(id) && !dead.includes(id);
      const number = keeps ? (wanted[id] ?? enabled.number) : next;
      return { id, number: String(number), missing: enabled === undefined };
    }),
  );
  return {
    versions: Object.fromEntries(found.map(({ id, number }) => [id, number])),
    missing: found.filter(({ missing }) => missing).map(({ id }) => id),
  };
}

function noneYet(error: unknown): readonly [] {
  if (error instanceof Failure && error.code === 'GOOGLE_NOT_FOUND') return [];
  throw error;
}
