import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { environmentOf, readConfig } from '../../src/config/read-config.ts';
import { startRun } from '../../src/cli/start-run.ts';
import { workflowIdOf } from '../../src/cli/workflow-id.ts';
import { exitCodeFor } from '../../src/cli/exit-codes.ts';
import { Failure } from '../../src/failure.ts';

test('of a hundred starts at once exactly one runs; 99 name who holds the environment', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const client = new Client({ connection });
  const sandboxed: Environment = environmentOf(await readConfig('.'), 'production');
  const environment = `crowd-${randomUUID()}`;
  const wish = { kind: 'deploy', environment, release: 'r-crowd' } as const;
  try {
    const starts = await Promise.allSettled(
      Array.from({ length: 100 }, async () => startRun(client, wish, sandboxed)),
    );
    const refused = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason] : []));
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(refused).toHaveLength(99);
    for (const reason of refused) {
      expect(reason).toBeInstanceOf(Failure);
      expect(exitCodeFor(reason)).toBe(6);
      expect(reason.why).toMatch(/started a deploy of r-crowd at \d{4}-.*and it is still running/);
      expect(reason.fix).toContain('--watch');
    }
    await client.workflow.getHandle(workflowIdOf(environment)).terminate('the test is over');
  } finally {
    await connection.close();
  }
});
