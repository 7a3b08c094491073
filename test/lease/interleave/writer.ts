/**
 * One run as an operating-system process of its own, with the real lease and the real doors: it
 * takes the environment, writes a state in many small steps and the ledger at the end. Its argument
 * is JSON; it ends as the command line does: 0, 3, 5 or 6.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../../../src/failure.ts';
import { changeObject } from '../../../src/gcp/change-object.ts';
import { awaitDeath } from '../../../src/lease/await-death.ts';
import { behindFence } from '../../../src/lease/fence.ts';
import { keepLease } from '../../../src/lease/keep-lease.ts';
import { refuseDirty } from '../../../src/lease/refuse-dirty.ts';
import { clearLease, markDirty, takeLease } from '../../../src/lease/take-lease.ts';
import { appendToLedger, readLedger } from '../../../src/releases/ledger.ts';
import { standingOf } from '../../../src/releases/standing.ts';
import { siteAt } from '../../environments/site.ts';

const Asked = z.object({
  ...{ url: z.string(), token: z.string(), runId: z.string(), release: z.string() },
  ...{ deed: z.enum(['deploy', 'reconcile']), pauseMs: z.number() },
});

const { url, token, runId, release, deed, pauseMs } = Asked.parse(
  JSON.parse(process.argv[2] ?? '{}'),
);
const never = new AbortController().signal;
const site = await siteAt('/nowhere', {
  google: { url, token: async () => token },
  supabase: { api: url, token: async () => token, projectUrl: async () => url },
});
const codes: Readonly<Record<string, number>> = {
  ...{ ENVIRONMENT_BUSY: 6, ENVIRONMENT_DIRTY: 3, LEASE_LOST: 5 },
};
process.exitCode = await main().catch((error: unknown) => {
  const code = error instanceof Failure ? codes[error.code] : undefined;
  if (code === undefined) process.stderr.write(`${String(error)}\n`);
  return code ?? 1;
});

async function main(): Promise<number> {
  const claim = { runId, kind: deed, actor: 'a test', release };
  if (deed === 'deploy') {
    await refuseDirty(site, runId);
    await takeLease(site, claim);
    await write(release, 'succeeded');
    return 0;
  }
  const closed = () => Promise.resolve(false);
  const lease = await awaitDeath(site, { runId, closed, signal: never, beat: () => undefined });
  if (!lease) return 0;
  await takeLease(site, { ...claim, continues: lease.marker.dirty });
  await write(standingOf(await readLedger(site))?.release.id ?? 'none', 'reconciled');
  return 0;
}

/** All the writes; interrupted ones are tried again once the lease is fresh, as an activity's are. */
async function write(wanted: string, outcome: string): Promise<void> {
  const done = { steps: 0 };
  for (;;) {
    const kept = await keepLease(site, runId, never);
    try {
      await behindFence(kept, async () => {
        for (; done.steps < 8; done.steps += 1) await small(wanted, done.steps);
        await record(wanted, outcome);
      });
      return await clearLease(site, runId);
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'LEASE_STALE')) throw error;
    } finally {
      kept.release();
    }
  }
}

async function small(wanted: string, step: number): Promise<void> {
  await markDirty(site, {
    ...{ runId, kind: deed, actor: 'a test', step: `step-${step}` },
    ...{ facts: { approvedBy: 'auto' }, receipts: {} },
  });
  const ref = { bucket: site.stateBucket, name: 'all/default.tfstate' };
  await changeObject(site.google, ref, 3, () =>
    Buffer.from(JSON.stringify({ wanted, runId, step })),
  );
  await pause(pauseMs);
}

async function record(wanted: string, outcome: string): Promise<void> {
  const ref = { id: wanted, object: wanted, sha256: wanted };
  await appendToLedger(site, {
    ...{ at: new Date().toISOString(), runId, kind: deed, actor: 'a test', outcome, release: ref },
    ...{ secretVersions: {}, revisions: {}, traffic: {}, left: [], undo: {} },
  });
}
