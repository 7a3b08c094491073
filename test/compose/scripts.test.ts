import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';

const tools = resolve('tools/python/.venv/bin');
const queue = `compose-${process.pid}`;

test('namespace.sh makes namespace and search attributes, and may run again', async () => {
  const namespace = `compose-${process.pid}`;
  await script('namespace.sh', { TEMPORAL_NAMESPACE: namespace });
  await script('namespace.sh', { TEMPORAL_NAMESPACE: namespace });
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  await connection.close();
  expect(config?.workflowExecutionRetentionTtl?.seconds?.toString()).toBe(String(90 * 24 * 3600));
  expect(Object.keys(customAttributes ?? {})).toEqual(
    expect.arrayContaining(['Environment', 'Phase', 'Release']),
  );
});

test('worker-polls.sh tells a polling worker from a queue that nobody asks', async () => {
  const env = { TEMPORAL_NAMESPACE: 'default', WINDLASS_TASK_QUEUE: queue };
  await expect(script('worker-polls.sh', env)).rejects.toThrow(/Command failed/);
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const activities = { idle: async () => 'idle' };
  const version = { deploymentName: queue, buildId: 'of-a-test' };
  const worker = await Worker.create({
    ...{ connection, taskQueue: queue, activities },
    workflowsPath: resolve('workflows/index.ts'),
    workerDeploymentOptions: {
      ...{ version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
    },
  });
  expect(worker.options.identity).toMatch(new RegExp(`@${hostname()}$`));
  await worker.runUntil(() => expect.poll(() => polls(env), { timeout: 20_000 }).toBe(true));
  await connection.close();
});

function polls(env: Readonly<Record<string, string>>): Promise<boolean> {
  return script('worker-polls.sh', env).then(
    () => true,
    () => false,
  );
}

async function script(name: string, env: Readonly<Record<string, string>>) {
  return promisify(execFile)('sh', [`tools/compose/${name}`], {
    env: { PATH: `${tools}:/usr/bin:/bin`, TEMPORAL_ADDRESS: inject('temporalAddress'), ...env },
  });
}
