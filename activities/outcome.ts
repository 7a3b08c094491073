import type { Deploy } from '../src/deploy.ts';
import type { Ending } from '../src/ending.ts';
import { Failure, failureText } from '../src/failure.ts';
import { contentChanges } from '../src/fingerprint/content-before.ts';
import { differencesSince, isCatalog } from '../src/fingerprint/world-before.ts';
import { stateMarks } from '../src/planning/state-marks.ts';
import type { ContentChanges } from '../src/postgres/content-since.ts';
import { currentRevisions } from '../src/postgres/current-revisions.ts';
import { clearLease, endLease, markDirty } from '../src/lease/take-lease.ts';
import { sweepTrialDatabases } from '../src/postgres/sweep-trials.ts';
import type { Beginning } from '../src/releases/environment-marker.ts';
import { appendToLedger } from '../src/releases/ledger.ts';
import { factsOf } from '../src/run-facts.ts';
import { databaseServices } from '../src/services.ts';
import { databaseOf } from '../src/site-database.ts';
import type { DatabaseLogin } from '../src/site-database.ts';
import type { Site } from '../src/site.ts';
import { removeLeavings } from '../src/smoke/leavings.ts';
import { sweepTemporaryFolders } from '../src/temporary-folder.ts';
import type { Input, Work } from './edge.ts';

interface Marking extends Input {
  readonly beginning: Omit<Beginning, 'runId'>;
}

/** Marks the environment as dirty before a step changes it. */
export async function markEnvironment(
  { runId, beginning }: Marking,
  { site }: Work,
): Promise<Record<string, never>> {
  await markDirty(site, { runId, ...beginning });
  return {};
}

/** Writes how the run ended into the ledger; clears the marker where nothing is left half-done. */
export async function recordOutcome(
  d: Deploy & { readonly ending: Ending },
  { site, attempt }: Work,
): Promise<Partial<Deploy>> {
  const { ending, bundle } = d;
  const made = await removeLeavings(site, d);
  const { kind, failedStep, failure, left, undo, seconds } = ending;
  const measures = ending.outcome === 'rolled-back' && d.worldBefore !== undefined;
  const { differs, unchecked } = measures ? await measured(d, site, attempt) : nothing;
  const { login, revisions, unread } = await schemas(site);
  const kept = [...(d.kept ?? []), ...unchecked, ...made, ...unread];
  const outcome = differs.length > 0 ? 'rolled-back-except' : ending.outcome;
  const release = kind === 'reconcile' ? d.previous?.release : bundle;
  await appendToLedger(site, {
    at: new Date().toISOString(),
    runId: d.runId,
    kind,
    actor: d.actor,
    outcome: kind === 'reconcile' && outcome === 'succeeded' ? 'reconciled' : outcome,
    secretVersions: {},
    revisions,
    traffic: {},
    ...{ left: [...left, ...differs], undo, seconds },
    states: await stateMarks(site),
    ...factsOf(d),
    ...(kept.length > 0 && { kept }),
    ...(release && { release }),
    ...(failedStep !== undefined && { failedStep }),
    ...(failure !== undefined && { failure }),
  });
  const woundBack = outcome === 'rolled-back' && kind !== 'reconcile';
  if (outcome === 'succeeded' || woundBack) await clearLease(site, d.runId);
  else await endLease(site, d.runId, `its run, which ended as ${outcome}`);
  await sweepUp(site, login);
  return {
    ...(differs.length > 0 && { differs }),
    ...(unchecked.length + made.length + unread.length > 0 && { kept }),
  };
}

/** Where the schemas stand; a run must end also while nobody can be asked. */
async function schemas(site: Site) {
  try {
    const login = await databaseOf(site);
    const revisions = login && (await currentRevisions(login, databaseServices(site.config)));
    return { login, revisions: revisions ?? {}, unread: [] };
  } catch (error) {
    const unread = [`schemas: their revisions could not be read (${failureText(error).what})`];
    return { login: undefined, revisions: {}, unread };
  }
}

/** What attempts of this run left that were killed; what cannot be removed now, the next run removes. */
async function sweepUp(site: Site, login: DatabaseLogin | undefined): Promise<void> {
  const trials = login && sweepTrialDatabases(login, site.name);
  await Promise.allSettled([trials, sweepTemporaryFolders(site.home)]);
}

const patience = 3; // attempts to measure before the report says that nobody could

const nothing: ContentChanges = { differs: [], unchecked: [] };

/** What an undo that ended well did not bring back: measured, not concluded. */
async function measured(d: Deploy, site: Site, attempt: number): Promise<ContentChanges> {
  const [world, content] = await Promise.all([
    worldDiffers(d, site).catch((error: unknown) => {
      if (mayHelp(error, attempt)) throw error;
      return [`all: it could not be compared with the state before (${failureText(error).what})`];
    }),
    contentDiffers(d, site).catch((error: unknown): ContentChanges => {
      if (mayHelp(error, attempt)) throw error;
      const why = failureText(error).what;
      return {
        differs: [],
        unchecked: [`rows: they could not be compared with the state before (${why})`],
      };
    }),
  ]);
  return { ...content, differs: [...world, ...content.differs] };
}

function mayHelp(error: unknown, attempt: number): boolean {
  const hopeless = error instanceof Failure && error.class !== 'retry';
  return !hopeless && attempt < patience;
}

async function worldDiffers({ worldBefore, kept = [] }: Deploy, site: Site) {
  const found = worldBefore ? await differencesSince(site, worldBefore) : [];
  // Where a way down would lose data the schema stays, and is named already.
  const stays = kept.some((line) => line.startsWith('schema '));
  return stays ? found.filter((line) => !isCatalog(line)) : found;
}

async function contentDiffers({ runId }: Deploy, site: Site): Promise<ContentChanges> {
  const login = await databaseOf(site);
  return login ? contentChanges(site, login, runId) : nothing;
}
