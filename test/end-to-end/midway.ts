import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { readMarker } from '../../src/lease/read-lease.ts';
import type { Report } from '../../src/report.ts';
import { controlSandbox } from '../../src/sandbox-control.ts';
import type { StepProgress } from '../../src/step.ts';
import type { Rig } from './rig.ts';

/** Which calls the sandbox treats badly, and how: an error, a delay in milliseconds. */
interface Fault {
  readonly method: string;
  readonly pathPattern: string;
  readonly status?: number;
  readonly delayMs?: number;
  /** What the answer says; its status alone where it is absent. */
  readonly body?: object;
}

/** Makes the sandbox treat every such call badly, until `mend`. */
export async function breakCalls(rig: Rig, fault: Fault): Promise<void> {
  await control(rig, 'PUT', fault);
}

/** Ends what `breakCalls` began. */
export async function mend(rig: Rig): Promise<void> {
  await control(rig, 'DELETE');
}

/** Lends the handle of the run that holds production. */
export async function withRun<T>(rig: Rig, work: (run: WorkflowHandle) => Promise<T>): Promise<T> {
  const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = '' } = rig.env;
  return withRunAt({ address, namespace }, work);
}

/** The same, of a Temporal by its address. */
export async function withRunAt<T>(
  { address, namespace }: { readonly address: string; readonly namespace: string },
  work: (run: WorkflowHandle) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  try {
    return await work(client.workflow.getHandle('environment/production'));
  } finally {
    await connection.close();
  }
}

/** Waits until a run's report is as wanted. */
export async function until(run: WorkflowHandle, wanted: (report: Report) => boolean) {
  for (;;) {
    const report = await run.query<Report>('report').catch(() => undefined);
    if (report && wanted(report)) return report;
    await pause(40);
  }
}

/** Whether a step of a report has this status. */
export function stands(step: string, wanted: StepProgress['status']) {
  return ({ steps }: Report): boolean =>
    steps.some(({ id, status }) => id === step && status === wanted);
}

/**
 * Terminates the deploy that was just started as soon as a step has begun to change things; no code
 * of it runs any more.
 */
export async function terminateIn(rig: Rig, step: string): Promise<void> {
  const site = await rig.site();
  const begun = async (): Promise<boolean> =>
    (await readMarker(site))?.steps.includes(step) ?? false;
  await withRun(rig, async (run) => {
    do await until(run, stands(step, 'running'));
    while (!(await begun()));
    await run.terminate('a test');
  });
}

async function control(rig: Rig, method: string, fault?: object): Promise<void> {
  const asked = { method, ...(fault && { body: fault }) };
  const answer = await controlSandbox(rig.home, '/faults/http', asked);
  if (!answer.ok) throw new Error(await answer.text());
}
