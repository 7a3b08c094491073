import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { bundleWorkflowCode } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import type { Report } from '../../src/report.ts';

/** How an activity of one run behaves; answered by its name, else it returns nothing. */
export type Part = (attempt: number) => unknown;

/** An activity's input, as far as every one has it. */
interface Input {
  readonly environment: string;
  readonly address?: unknown;
}

export interface Play {
  readonly handle: WorkflowHandle;
  /** Every call of an activity, in order. */
  readonly calls: string[];
  /** What each of them was given. */
  readonly inputs: Input[];
  /** Gives an activity another behaviour from now on. */
  readonly change: (name: string, part: Part) => void;
  readonly report: () => Promise<Report>;
  /** The run's failure in words, for a test that is surprised by it. */
  readonly told: () => Promise<string>;
  /** The error's type that the run ended with, or undefined where it completed. */
  readonly end: () => Promise<string | undefined>;
}

const plan = {
  ...{ digest: 'a'.repeat(64), stacks: [], migrations: [], settings: [], promote: [], states: [] },
  ...{ secretVersions: {}, missingSecrets: [], cost: { fixed: 1, unknown: [] }, unchanged: false },
  undo: { pointsOfNoReturn: [] },
};
const release = { id: 'r-1', object: 'releases/r-1', sha256: '0' };
const usual: Readonly<Record<string, Part>> = {
  planRelease: () => planned(),
  planRollback: () => ({ bundle: release, plan }),
  statesMoved: () => ({ moved: [] }),
};

/** What a plan step learns; a test may change the plan. */
export function planned(more: object = {}) {
  return { bundle: release, previous: null, plan: { ...plan, ...more } };
}

/**
 * Real Temporal and the real workflows, with stand-ins at the activities' boundary. `leave` replays
 * every history that was made, so that a change that breaks running deploys is found here.
 */
export async function openStage(address: string) {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  const bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const taskQueue = `stage-${randomUUID()}`;
  const plays = new Map<string, Known>();
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: bundle,
    activities: standIns(plays),
    maxHeartbeatThrottleInterval: '100 ms', // a cancellation is learned by a heartbeat
  });
  const running = worker.run();
  const client = new Client({ connection });
  const handles: WorkflowHandle[] = [];

  const begin = (
    kind: 'deploy' | 'rollback',
    parts: Readonly<Record<string, Part>> = {},
    approval: 'auto' | 'wait' = 'auto',
  ): Promise<Play> =>
    start(kind, parts, (environment) => [{ environment, actor: 'tester', approval }]);

  const start = async (
    kind: string,
    parts: Readonly<Record<string, Part>>,
    argsOf: (environment: string) => readonly object[],
  ): Promise<Play> => {
    const environment = `stage-${randomUUID()}`;
    const known = { calls: [], inputs: [], parts: new Map(Object.entries({ ...usual, ...parts })) };
    plays.set(environment, known);
    const workflowId = `environment/${environment}`;
    const args = [...argsOf(environment)];
    const handle = await client.workflow.start(kind, { workflowId, taskQueue, args });
    handles.push(handle);
    return {
      handle,
      ...{ calls: known.calls, inputs: known.inputs },
      change: (name, part) => void known.parts.set(name, part),
      report: () => handle.query<Report>('report'),
      told: async () => {
        await endOf(handle);
        return JSON.stringify((await handle.query<Report>('report')).failure);
      },
      end: () => endOf(handle),
    };
  };

  const replay = async (): Promise<void> => {
    for (const handle of handles.splice(0)) {
      const history = await handle.fetchHistory();
      await Worker.runReplayHistory({ workflowBundle: bundle }, history, handle.workflowId);
    }
  };

  const leave = async (): Promise<void> => {
    worker.shutdown();
    await running;
    await native.close();
    await connection.close();
  };
  return { begin, start, replay, leave };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** A failure that no retry can mend. */
export function broken(what: string): ApplicationFailure {
  const details = [{ why: 'a test wants it so', fix: 'nothing' }];
  return ApplicationFailure.create({ message: what, type: 'BROKEN', nonRetryable: true, details });
}

/** Works until it is cancelled, as terraform would. */
export async function untilCancelled(): Promise<never> {
  const beating = setInterval(() => Context.current().heartbeat('still at it'), 50);
  try {
    return await Context.current().cancelled;
  } finally {
    clearInterval(beating);
  }
}

/** Falls silent: no heartbeat, no answer, until the worker itself ends. */
export async function silent(): Promise<never> {
  return Context.current().cancelled;
}

interface Known extends Pick<Play, 'calls' | 'inputs'> {
  readonly parts: Map<string, Part>;
}

function standIns(plays: ReadonlyMap<string, Known>) {
  const names = Object.keys(createActivities({ root: '/nowhere', home: '/nowhere' }));
  return Object.fromEntries(
    names.map((name) => [
      name,
      async (input: Input) => {
        const play = plays.get(input.environment.replace(/-drill$/, ''));
        play?.calls.push(name);
        play?.inputs.push(input);
        const answer = await play?.parts.get(name)?.(Context.current().info.attempt);
        return answer === undefined ? {} : answer;
      },
    ]),
  );
}

async function endOf(handle: WorkflowHandle): Promise<string | undefined> {
  try {
    await handle.result();
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    return cause instanceof ApplicationFailure ? (cause.type ?? '') : (cause?.name ?? '');
  }
}
