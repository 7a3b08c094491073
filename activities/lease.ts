import { setTimeout as pause } from 'node:timers/promises';
import type { Deploy } from '../src/deploy.ts';
import { Failure } from '../src/failure.ts';
import { awaitDeath } from '../src/lease/await-death.ts';
import type { Watching } from '../src/lease/await-death.ts';
import { keepLease } from '../src/lease/keep-lease.ts';
import {
  dropLease as drop,
  endLease,
  parkLease as park,
  takeLease as take,
} from '../src/lease/take-lease.ts';
import { readLedger } from '../src/releases/ledger.ts';
import { standingOf } from '../src/releases/standing.ts';
import type { Site } from '../src/site.ts';
import { toldAfterMs } from '../src/temporal/await-silence.ts';
import { runHere } from '../src/temporal/run-here.ts';
import { aborted } from '../src/aborted.ts';
import type { Work } from './edge.ts';

type Taking = Deploy & { readonly kind: string };

/** The right to change the environment, from now on; what the run plans on must still stand. */
export async function takeLease(d: Taking, work: Work): Promise<Record<string, never>> {
  const { site } = work;
  const { runId, kind, actor, host, bundle, unfinished } = d;
  const any = kind === 'recover' || kind === 'destroy';
  if (any) await awaitDeath(site, watchingOf(d, work));
  const continues = any ? 'any' : unfinished?.runId;
  await take(site, { runId, kind, actor, host, release: bundle?.id, continues });
  try {
    if (kind === 'deploy' || kind === 'rollback') await refuseOutdated(site, d);
  } catch (error) {
    await drop(site, d.runId);
    throw error;
  }
  return {};
}

/** Renews the lease until the run is over; one that was terminated is still given time to fall silent. */
export async function holdLease(d: Deploy, { site, signal, leave }: Work): Promise<void> {
  const away = AbortSignal.any([signal, leave]);
  while (!away.aborted) {
    const kept = await keepLease(site, d.runId, away).catch((error: unknown) => {
      if (!away.aborted) throw error;
    });
    if (kept === undefined) break; // stopped while it waited for the bucket
    await aborted(AbortSignal.any([away, kept.ended]));
    if (isTerminated(signal.reason)) await pause(toldAfterMs);
    kept.release();
  }
  if (!signal.aborted) throw leave.reason; // the next worker goes on with it
  if (isTerminated(signal.reason)) await endLease(site, d.runId, 'its Temporal: it was terminated');
}

/** The run waits for a person: its lease stays until the person has decided. */
export async function parkLease(d: Deploy, { site }: Work): Promise<Record<string, never>> {
  await park(site, d.runId);
  return {};
}

/** Gives back a lease under which nothing was begun. */
export async function dropLease(d: Deploy, { site }: Work): Promise<Record<string, never>> {
  await drop(site, d.runId);
  return {};
}

/** How an activity watches whether a holder lives. */
export function watchingOf(d: Pick<Deploy, 'runId'>, { site, signal, beat }: Work): Watching {
  const closed = async (run: string) => (await runHere(site.home, site.name, run)) === 'ended';
  return { runId: d.runId, closed, signal, beat };
}

async function refuseOutdated(site: Site, d: Deploy): Promise<void> {
  const now = standingOf(await readLedger(site));
  if (d.previous === undefined || (now?.entry ?? 0) === (d.previous?.entry ?? 0)) return;
  throw new Failure({
    code: 'PLAN_OUTDATED',
    what: `${d.environment} has changed since this was planned`,
    why: `the plan goes from ${d.previous?.release.id ?? 'nothing'}, but the environment is now at ${now?.release.id ?? 'nothing'}`,
    fix: 'Run the command again to plan again. Nothing was changed.',
  });
}

function isTerminated(reason: unknown): boolean {
  return reason instanceof Error && reason.message === 'NOT_FOUND';
}
