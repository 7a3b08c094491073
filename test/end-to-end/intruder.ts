import { Client, Connection, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { inject } from 'vitest';
import type { Report } from '../../src/report.ts';
import { lane } from './lane.ts';

/** Somebody who reaches Temporal and nothing else, and speaks to the run of production. */
export async function openIntruder() {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const client = new Client({ connection, namespace: lane });
  const handle = client.workflow.getHandle('environment/production');
  return {
    report: () => handle.query<Report>('report'),
    /** The code by which an update was refused, or `taken`. */
    update: async (name: string, said: object): Promise<string> => {
      try {
        await handle.executeUpdate(name, { args: [said] });
        return 'taken';
      } catch (error) {
        if (!(error instanceof WorkflowUpdateFailedError)) throw error;
        const { cause } = error;
        return cause instanceof ApplicationFailure ? (cause.type ?? '') : String(cause);
      }
    },
    close: () => connection.close(),
  };
}
