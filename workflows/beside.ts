import { ApplicationFailure, isCancellation, sleep } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import type { Notice } from '../src/notice.ts';
import type { SiteAddress } from '../src/site-address.ts';
import { quick } from './activities.ts';
import { explain } from './explain.ts';
import { tell } from './notices.ts';

/** What is asked of a workflow that works beside the runs which hold the environment. */
export interface BesideRequest {
  readonly environment: string;
  readonly actor: string;
  /** How long it may wait for a run that changes the environment; absent = not at all. */
  readonly patienceSeconds?: number;
  /** Where the environment is; absent where an older Windlass asked. */
  readonly address?: SiteAddress;
}

/** The request as activities take it. */
export function askedOf({ environment, actor, address }: BesideRequest, runId: string): Deploy {
  return { environment, actor, runId, approval: 'auto', ...(address && { address }) };
}

/** Does the work; what fails is told to the webhook, for nobody watches a schedule. */
export async function told<T>(
  kind: Notice['kind'],
  asked: Deploy,
  work: () => Promise<T>,
): Promise<T> {
  const { environment, runId } = asked;
  try {
    return await work();
  } catch (error) {
    const { what, why, fix } = explain(error);
    const lines = [what, `why: ${why.slice(0, 500)}`, `fix: ${fix}`];
    if (!isCancellation(error))
      await tell({ kind, environment, outcome: 'failed', lines, runId }, asked);
    throw error;
  }
}

const firstLookSeconds = 5;
const lastLookSeconds = 300;

/** Waits until no run changes the environment; a failure where one still does. */
export async function whenQuiet(d: Deploy, patienceSeconds = 0): Promise<void> {
  let waited = 0;
  for (let next = firstLookSeconds; ; next = Math.min(next * 2, lastLookSeconds)) {
    const holder = await quick.whoChanges(d);
    if (holder === null) return;
    if (waited >= patienceSeconds) throw changing(d.environment, holder);
    await sleep(next * 1000);
    waited += next;
  }
}

function changing(environment: string, holder: string): ApplicationFailure {
  const what = `A run is changing ${environment}`;
  const fix = `Wait until it has ended: \`bin/windlass status -e ${environment} --watch\`.`;
  return ApplicationFailure.nonRetryable(what, 'ENVIRONMENT_CHANGING', { why: holder, fix });
}
