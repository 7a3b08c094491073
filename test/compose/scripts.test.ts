import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { held } from '../../src/held.ts';
import { runFiles } from '../../src/terraform/run-files.ts';
import { startSupervisor } from '../../src/terraform/start-supervisor.ts';

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

test('worker.sh ends only when the terraform of its home has ended', async () => {
  const home = await mkdtemp(join(tmpdir(), 'windlass-compose-'));
  const runDir = join(home, 'runs', 'run');
  await mkdir(runDir, { recursive: true });
  const env = {
    ...{
      PATH: process.env['PATH'] ?? '',
      WINDLASS_HOME: home,
      WINDLASS_TASK_QUEUE: `${queue}-stop`,
    },
    TEMPORAL_ADDRESS: inject('temporalAddress'),
  };
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const worker = spawn('sh', ['tools/compose/worker.sh'], { env, stdio: [...stdio] });
  const ended = held(once(worker, 'exit'));
  for await (const line of createInterface(worker.stdout))
    if (line.includes('worker is ready')) break;
  const place = { binary: 'sleep', stackDir: home, env };
  const supervisor = startSupervisor({ runDir, place, argv: ['6'], graceMs: 1000 });
  await once(supervisor, 'spawn');
  worker.kill('SIGTERM');
  await ended;
  const outcome: unknown = JSON.parse(await readFile(runFiles(runDir).outcome, 'utf8'));
  expect(outcome).toMatchObject({ exitCode: 0, interrupted: false });
  await rm(home, { recursive: true, force: true });
}, 300_000);

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
