import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import {
  Client,
  Connection,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { execa } from 'execa';
import { inject } from 'vitest';
import type { Report } from '../../src/report.ts';
import { lane } from './lane.ts';
import type { Rig } from './rig.ts';

/** Somebody who reaches Temporal and nothing else: no bucket, no key, no worker of the project's. */
export async function openIntruder({ env }: Rig) {
  const address = inject('temporalAddress');
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace: lane });
  const taskQueue = env['WINDLASS_TASK_QUEUE'] ?? '';
  const handle = () => client.workflow.getHandle('environment/production');
  return {
    report: () => handle().query<Report>('report'),
    /** The code by which an update was refused, or `taken`. */
    update: async (name: string, said: object): Promise<string> => {
      try {
        await handle().executeUpdate(name, { args: [said] });
        return 'taken';
      } catch (error) {
        if (!(error instanceof WorkflowUpdateFailedError)) throw error;
        return typeOf(error.cause);
      }
    },
    /** Starts a workflow beside the run that holds the environment; the words of its end. */
    start: async (kind: string, request: object): Promise<string> => {
      const workflowId = `intruder/${randomUUID()}`;
      const started = await client.workflow.start(kind, { workflowId, taskQueue, args: [request] });
      return started.result().then(
        () => 'done',
        (error: unknown) => {
          if (!(error instanceof WorkflowFailedError)) throw error;
          return JSON.stringify(
            error.cause instanceof ApplicationFailure ? error.cause.details : [],
          );
        },
      );
    },
    /** Asks the workers for an activity by the temporal command, without any workflow. */
    activity: async (type: string, input: object): Promise<string> => {
      const program =
        process.env['WINDLASS_TEMPORAL'] ?? resolve('tools/python/.venv/bin/temporal');
      const asked = [
        ...['activity', 'execute', '--type', type, '--task-queue', taskQueue],
        ...['--activity-id', randomUUID(), '--schedule-to-close-timeout', '60s'],
        ...['--input', JSON.stringify(input), '--address', address, '--namespace', lane],
      ];
      const { all } = await execa(program, asked, { reject: false, all: true });
      return all;
    },
    close: () => connection.close(),
  };
}

function typeOf(cause: unknown): string {
  return cause instanceof ApplicationFailure ? (cause.type ?? '') : String(cause);
}
