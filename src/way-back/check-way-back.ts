import type { Standing } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { requireSameMajor } from '../postgres/major.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import { refuseMissingImages } from '../stacks/missing-images.ts';
import { refuseDeadLogins } from './dead-logins.ts';
import { refuseLostVersions } from './lost-versions.ts';
import { refuseUnready } from './unready-revisions.ts';

/** Where a rollback goes, and what its services will read there. */
export interface WayBack {
  readonly target: Standing;
  /** The version of every secret that the services get. */
  readonly versions: Readonly<Record<string, string>>;
  /** Secrets without any version: the rollback fills them itself. */
  readonly missing: readonly string[];
}

/**
 * Everything that would fail once the traffic has moved and that can be known before, in one
 * Failure; `site` is as the release describes it. A door that does not answer is tried again.
 */
export async function checkWayBack(site: Site, way: WayBack): Promise<void> {
  const looked = await Promise.allSettled([
    refuseUnready(site, way.target.traffic),
    refuseLostVersions(site, way).then(() => refuseDeadLogins(site, way)),
    refuseMissingImages(site, way.target.release),
    refuseWithoutBackup(site),
  ]);
  const errors = looked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const found = errors.filter((error) => error instanceof Failure);
  const passing = errors.find((error) => !(error instanceof Failure) || error.class !== 'undo');
  if (passing !== undefined) throw passing;
  if (found.length > 0) throw inOne(found);
}

/** A backup needs its key, and a pg_dump of the server's own major version. */
async function refuseWithoutBackup(site: Site): Promise<void> {
  await site.backupKeys.current();
  const login = await databaseOf(site);
  if (login) await requireSameMajor(login);
}

function inOne(found: readonly Failure[]): Failure {
  const [first] = found;
  if (first && found.length === 1) return first;
  return new Failure({
    code: 'WAY_BACK_CLOSED',
    what: 'This rollback would fail after moving the traffic',
    why: found.map(({ code, what, why }) => `${what} [${code}]: ${why}`).join('\n'),
    fix: found.map(({ fix }) => fix).join('\n'),
  });
}
