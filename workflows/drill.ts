import {
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import type { DrillResult } from '../src/drill-result.ts';
import { process } from './activities.ts';
import { askedOf, told } from './beside.ts';
import type { BesideRequest } from './beside.ts';
import { explain } from './explain.ts';
import { measureDone } from './measures.ts';
import { tell } from './notices.ts';
import { recover } from './recover.ts';

/**
 * Recovers the newest backup into a scratch environment, tries it, and takes it away again. The
 * backup is looked for and the place claimed before anything is touched; what an earlier drill left
 * there goes first; the end is recorded whichever way it went.
 */
export async function drill(request: BesideRequest): Promise<DrillResult> {
  const d = askedOf(request, workflowInfo().runId);
  const result = await told('drill', d, () => rehearsed(d));
  await announce(d, result);
  return result;
}

async function rehearsed(d: Deploy): Promise<DrillResult> {
  const claims = patched('drill-claims-its-place');
  if (!claims) await process.destroyDrill({ ...d, runId: `${d.runId}-before` });
  const { backup, at } = await process.foreseeDrill(d);
  if (claims) await process.claimDrill(d);
  const began = Date.now();
  const failure = await tryRecovery(d);
  const rtoSeconds = Math.round((Date.now() - began) / 1000);
  const left = await takenAway(d);
  const result: DrillResult = {
    backup: backup?.object.split('/')[1] ?? '',
    rpoSeconds: Math.round((began - Date.parse(at ?? '')) / 1000),
    rtoSeconds,
    proven: failure === undefined && left.length === 0,
    ...(failure !== undefined && { failure }),
    left,
  };
  await process.recordDrill({ ...d, drill: result });
  return result;
}

/** What stays; where nothing may be deleted, that in its own words. */
async function takenAway(d: Deploy): Promise<readonly string[]> {
  try {
    return await process.destroyDrill(d);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { what, why, fix } = explain(error);
    return [`${what}: ${why}. ${fix}`];
  }
}

async function announce(d: Deploy, result: DrillResult): Promise<void> {
  const { environment, runId } = d;
  if (result.proven) return measureDone('drill', environment);
  const lines = [result.failure ?? 'recovered, but something is left', ...result.left];
  await tell({ kind: 'drill', environment, outcome: 'failed', lines, runId }, d);
}

/** The whole recovery as a run of its own, with the scratch environment's lock; why it failed. */
async function tryRecovery(d: Deploy): Promise<string | undefined> {
  const environment = `${d.environment}-drill`;
  try {
    await executeChild(recover, {
      workflowId: `environment/${environment}`,
      memo: workflowInfo().memo ?? {}, // it says where the code of this run lies
      args: [
        {
          environment,
          actor: d.actor,
          approval: 'auto',
          recover: { source: d.environment },
          ...(d.address && { address: d.address }),
        },
      ],
    });
    return undefined;
  } catch (error) {
    const { what, why } = explain(error instanceof ChildWorkflowFailure ? error.cause : error);
    return `${what}: ${why}`;
  }
}
