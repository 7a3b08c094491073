import type { ReleaseRef } from '../deploy.ts';
import { readClaim } from '../drills/drill-claim.ts';
import { thingsOf } from '../drills/what-is-left.ts';
import type { Thing } from '../drills/what-is-left.ts';
import { listObjects } from '../gcp/objects.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { shortName } from '../gcp/run-service.ts';
import { predictSecrets } from '../planning/predict-secrets.ts';
import { asReleased } from '../releases/as-released.ts';
import { readLedger } from '../releases/ledger.ts';
import { standingOf } from '../releases/standing.ts';
import { findRelease, listReleases } from '../releases/store.ts';
import { externalSecrets } from '../secret-values/external.ts';
import type { Site } from '../site.ts';
import { namedSchedules } from '../temporal/own-schedules.ts';
import { judgeThings } from './judge-things.ts';
import type { Owned } from './judge-things.ts';
import { isStateObject } from './own-objects.ts';
import { stateThings } from './state-things.ts';
import { judgeDatabase } from './judge-database.ts';

/** What an environment consists of, and by which release its stacks are taken away. */
export interface Inventory {
  readonly owned: readonly Owned[];
  /** What has its names or lies beside it and is not its own, a line each. */
  readonly foreign: readonly string[];
  /** Secrets whose values only a person can give again. */
  readonly byHand: readonly string[];
  /** The scratch project of a drill that was not taken away whole. */
  readonly drill?: string;
  readonly release?: ReleaseRef;
  /** The versions by which that release's services are described. */
  readonly secretVersions: Readonly<Record<string, string>>;
}

/** All that a destruction would take away and what it would leave; touches nothing. */
export async function inventoryOf(site: Site, accept: readonly string[] = []): Promise<Inventory> {
  const standing = standingOf((await unlessMissing(readLedger(site))) ?? []);
  const release = standing?.release ?? (await newestRelease(site));
  const at = release ? await asReleased(site, release) : site;
  const [secretVersions, states, things, database, schedules, claim] = await Promise.all([
    // Where nothing stands, Terraform wants them all the same, though it only destroys.
    standing?.secretVersions ?? (release ? versionsNow(at) : {}),
    stateThings(at),
    thingsOf(at),
    judgeDatabase(at, accept),
    namedSchedules(site),
    unlessMissing(readClaim(site)),
  ]);
  const judged = judgeThings(at, states, things);
  const ours = schedules.filter(({ foreign }) => foreign === undefined);
  const theirs = schedules.flatMap(({ id, foreign }) =>
    foreign === undefined ? [] : [`schedule ${id}: of the project ${foreign}`],
  );
  return {
    owned: [
      ...judged.owned,
      ...database.owned,
      ...ours.map(({ id }) => ({ kind: 'schedule', name: id })),
      ...(await bucketsIn(site)),
    ],
    foreign: [...judged.foreign, ...database.foreign, ...theirs],
    byHand: byHandOf(at, things),
    ...(claim && { drill: claim.project }),
    ...(release && { release }),
    secretVersions,
  };
}

/** Where nothing stands, a first deploy may have failed: what it made is of the newest release. */
async function newestRelease(site: Site): Promise<ReleaseRef | undefined> {
  const newest = (await unlessMissing(listReleases(site)))?.at(-1);
  return newest && findRelease(site, newest.id);
}

async function versionsNow(site: Site): Promise<Inventory['secretVersions']> {
  return (await predictSecrets(site)).versions;
}

/** One in which only somebody else's objects are left stays anyhow. */
async function bucketsIn({ google, stateBucket }: Site): Promise<readonly Owned[]> {
  const objects = await unlessMissing(listObjects(google, stateBucket, ''));
  const goes = objects?.length === 0 || objects?.some(({ name }) => isStateObject(name));
  return goes ? [{ kind: 'bucket', name: stateBucket }] : [];
}

function byHandOf(site: Site, things: readonly Thing[]): readonly string[] {
  const there = new Set(things.map(({ name }) => shortName(name)));
  return externalSecrets(site).flatMap(({ id }) => (there.has(id) ? [id] : []));
}
