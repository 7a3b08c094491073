import type { Config } from '../config/config.ts';
import { readStoredConfig } from '../config/stored-config.ts';
import { Failure } from '../failure.ts';
import type { GoogleAccess } from '../gcp/access.ts';
import type { SiteAddress } from '../site-address.ts';
import { releasedConfig } from './as-released.ts';
import { readLedger } from './ledger.ts';
import { standingOf } from './standing.ts';

/**
 * The windlass.yaml that an address means: that of the release in force where the address says so
 * and there is one, else the caller's.
 */
export async function addressedConfig(google: GoogleAccess, address: SiteAddress): Promise<Config> {
  const { bucket, config, standing } = address;
  const own = () => config && readStoredConfig({ google, bucket }, config);
  const found = standing
    ? ((await ofStanding(google, bucket, config !== undefined)) ?? (await own()))
    : await own();
  if (found) return found;
  throw new Failure({
    code: 'NOTHING_DEPLOYED',
    what: `Nothing has been deployed to the project ${address.project}`,
    why: `${bucket} holds no release in force, whose windlass.yaml would decide`,
    fix: 'Deploy first: `windlass deploy -e NAME`.',
  });
}

/**
 * The configuration in force; undefined where there is none, or where it cannot be read and the
 * caller's is at hand: whoever follows the ledger checks it for itself.
 */
async function ofStanding(
  google: GoogleAccess,
  bucket: string,
  spare: boolean,
): Promise<Config | undefined> {
  const shelf = { google, releaseBucket: bucket };
  try {
    const standing = standingOf(await readLedger(shelf));
    return standing ? await releasedConfig(shelf, standing.release) : undefined;
  } catch (error) {
    if (spare || (error instanceof Failure && error.code === 'GOOGLE_NOT_FOUND')) return undefined;
    throw error;
  }
}
