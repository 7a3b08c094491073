import type { Client } from '@temporalio/client';
import { Failure } from '../../failure.ts';
import type { FailureText } from '../../failure.ts';
import type { Place } from '../../endpoints.ts';
import { redacted } from '../../redaction/redacted.ts';
import type { TemporalPlace } from '../../temporal/connect.ts';
import { newestRun } from '../newest-run.ts';
import { reportOf } from '../report-of.ts';
import { runSilent } from '../run-silent.ts';
import { terraformLines } from './terraform-lines.ts';

/** What a step of a run said. */
export interface StepLog {
  readonly run: string;
  readonly step: string;
  readonly title: string;
  readonly status: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly note: string | null;
  readonly failure: FailureText | null;
  /** Of its terraform, where that ran on this machine. */
  readonly lines: readonly string[];
}

interface Asked {
  readonly environment: string;
  readonly step: string;
  /** The newest so many lines. */
  readonly limit: number;
}

/** What a step of the newest run said; a Failure where that run has no such step. */
export async function stepLog(
  client: Client,
  { temporal, home }: { readonly temporal: TemporalPlace; readonly home: Place['home'] },
  { environment, step, limit }: Asked,
): Promise<StepLog> {
  const { workflowId, runId } = await newestRun(client, temporal, environment);
  const handle = client.workflow.getHandle(workflowId, runId);
  const { status } = await handle.describe();
  const open = status.name === 'RUNNING';
  const report = await reportOf(client, handle, open);
  if (!report && open) throw runSilent(environment, {});
  const found = report?.steps.find(({ id }) => id === step);
  if (!report || !found) throw notThere(step, runId, report?.steps.map(({ id }) => id) ?? []);
  const lines = (await terraformLines(home, runId, step)).slice(-limit).map(redacted);
  return {
    run: runId,
    step,
    title: found.title,
    status: found.status,
    startedAt: momentOf(found.startedAt),
    endedAt: momentOf(found.endedAt),
    note: found.note ?? null,
    failure: found.failure ?? null,
    lines,
  };
}

function momentOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

function notThere(step: string, runId: string, steps: readonly string[]): Failure {
  return new Failure({
    code: 'USAGE',
    what: `The newest run has no step ${step}`,
    why:
      steps.length > 0
        ? `the run ${runId} has ${steps.join(', ')}`
        : `the run ${runId} was terminated and left no report`,
    fix: 'Name one of its steps, or a service; see `windlass status -e ENVIRONMENT`.',
  });
}
