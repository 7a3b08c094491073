import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { judgeMigration } from '../../infra/policy/migration-rules.ts';
import { backUpState } from '../backups/back-up-state.ts';
import { bindFollowers } from '../bind-traffic.ts';
import { Failure } from '../failure.ts';
import { readObject } from '../gcp/objects.ts';
import { bindingLine } from '../planning/plan-binding.ts';
import { ensureBuckets } from '../planning/ensure-buckets.ts';
import { readLedger } from '../releases/ledger.ts';
import type { Site } from '../site.ts';
import { applySaved } from '../stacks/apply-stack.ts';
import type { OpenStack } from '../stacks/open-stack.ts';
import { planStack } from '../stacks/stack-plan.ts';
import { restoreState } from '../state/restore-state.ts';
import { readState } from '../state/state-text.ts';
import type { SavedPlan } from '../terraform/plan.ts';
import { show } from '../terraform/show.ts';
import { identities } from './identity.ts';
import type { Identity } from './identity.ts';
import { migrationText } from './migration-text.ts';
import { moveToNewest, newestOf } from './move-to-newest.ts';
import { recordMigration } from './record-migration.ts';
import { openRunning } from './open-running.ts';
import { runsOnV1 } from './runs-on-v1.ts';
import type { V1Instance } from './runs-on-v1.ts';
import { stateObject } from '../state/state-object.ts';

const stack = '20-services';

/** A migration that was done and proven, or only planned. */
export interface Migration {
  readonly services: Readonly<Record<string, Identity>>;
  readonly forgotten: readonly string[];
  readonly backup: string;
  readonly applied: boolean;
}

/**
 * Takes an environment's services from `google_cloud_run_service` to v2 without recreating one:
 * backup, one plan that the gate must prove clean, traffic bound to the revisions that serve, apply,
 * proof by the API, ledger entry. Where the apply fails, the state comes back from the backup; the
 * services themselves are never touched by it.
 */
export async function migrateV1(
  site: Site,
  { runId, actor = 'unknown', planOnly, say }: Wish,
): Promise<Migration> {
  await ensureBuckets(site);
  await readLedger(site); // a broken one could not take the migration's entry
  const found = await findV1(site);
  const names = found.filter(({ grant }) => grant === undefined).map(({ service }) => service);
  const before = await identities(site, names);
  const copy = await backUpState(site, stack, `backups/${runId}`);
  const backup = copy?.object ?? '';
  say(`backed up the state: ${backup}`);
  const opened = await openRunning(site, runId, names);
  const file = join(opened.place.stackDir, 'migrate_v1.tf');
  const { project } = site.environment;
  const { region, services } = site.config;
  await writeFile(file, migrationText(found, { project, region, services }));
  const saved = await planClean(opened, found, names);
  say(`the plan is clean: ${found.length} addresses forgotten and imported, nothing recreated`);
  const forgotten = found.map(({ address }) => address);
  if (planOnly) return { services: before, forgotten, backup, applied: false };
  const bound = await bindFollowers(site);
  for (const one of bound) say(bindingLine(one));
  // The plan that was proven holds the split of before, and an apply would send it.
  const bindingToo = bound.length > 0 ? await planClean(opened, found, names) : saved;
  const newest = await newestOf(site);
  await applyOrRestore(site, { opened, saved: bindingToo, backup });
  const moved = await moveToNewest(site, newest, say);
  if (moved.length > 0) say(`new revisions answer and serve: ${moved.join(' ')}`);
  await rm(file);
  await prove(site, { opened, before });
  say('proven: the next plan is empty, every service has its uid and creation time');
  await recordMigration(site, { runId, actor });
  return { services: before, forgotten, backup, applied: true };
}

/** How a migration is asked for. */
export interface Wish {
  readonly runId: string;
  /** Who stands in the ledger. */
  readonly actor?: string | undefined;
  readonly planOnly?: boolean | undefined;
  readonly say: (line: string) => void;
}

async function findV1(site: Site): Promise<readonly V1Instance[]> {
  const ref = await stateObject(site, stack);
  const state = readState(String((await readObject(site.google, ref)) ?? ''));
  const found = state ? runsOnV1(state) : [];
  const unknown = found.filter(({ service }) => !Object.hasOwn(site.config.services, service));
  if (unknown.length > 0)
    throw refused(unknown.map(({ address }) => `windlass.yaml has no service for ${address}`));
  if (found.length > 0) return found;
  throw new Failure({
    code: 'NOTHING_TO_MIGRATE',
    what: `${site.name} runs nothing as google_cloud_run_service`,
    why: `${ref.bucket}/${ref.name} ${state ? 'holds none' : 'does not exist'}`,
    fix: 'Nothing is to be done, unless another state holds the services.',
  });
}

async function planClean(
  opened: OpenStack,
  found: readonly V1Instance[],
  services: readonly string[],
): Promise<SavedPlan> {
  const saved = await planStack(opened, {});
  const addresses = found.map(({ address }) => address);
  const violations = judgeMigration(await show(opened.place, saved.file), { addresses, services });
  if (violations.length > 0)
    throw refused(violations.map(({ what, at }) => `${what}, but: ${at.join(', ')}`));
  return saved;
}

function refused(why: readonly string[]): Failure {
  return new Failure({
    code: 'MIGRATION_REFUSED',
    what: 'The migration would change services',
    why: why.join('; '),
    fix: 'Update windlass.yaml to match what runs, then plan the migration again.',
  });
}

interface Applying {
  readonly opened: OpenStack;
  readonly saved: SavedPlan;
  readonly backup: string;
}

async function applyOrRestore(site: Site, { opened, saved, backup }: Applying): Promise<void> {
  try {
    await applySaved(opened, saved, {});
  } catch (error) {
    await restoreState(site, stack, backup);
    throw error;
  }
}

interface Proof {
  readonly opened: OpenStack;
  readonly before: Readonly<Record<string, Identity>>;
}

async function prove(site: Site, { opened, before }: Proof): Promise<void> {
  const next = await planStack(opened, {});
  const after = await identities(site, Object.keys(before));
  const changed = Object.keys(before).filter((one) => !isDeepStrictEqual(before[one], after[one]));
  if (next.empty && changed.length === 0) return;
  throw new Failure({
    code: 'MIGRATION_UNPROVEN',
    what: 'The services are on v2, but verification failed',
    why: next.empty ? `recreated: ${changed.join(', ')}` : 'the plan after it is not empty',
    fix: 'See `windlass plan -e ENVIRONMENT`; the state before is in the backup.',
  });
}
