import { readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import type { Report } from '../../src/report.ts';
import { bundledWorkflows } from '../../src/temporal/bundle-workflows.ts';
import { bundleOf } from '../../src/temporal/versions/bundle.ts';
import { shelfFile, shelve } from '../../src/temporal/versions/shelf.ts';
import { background, temporaryFolder } from '../setup/process.ts';
import type { Background } from '../setup/process.ts';
import { planned } from '../workflows/stage.ts';

const taskQueue = `host-${process.pid}`;
const address = inject('temporalAddress');
let home: string;
let client: Client;
let native: NativeConnection;
let code: string;
let worker: Background | undefined;
const deadHere = `999999999@${hostname()}`; // no process has that number

/** The worker as an update leaves it behind: in a process of its own, on a home of its own. */
function startWorker(): Background {
  const env = {
    ...process.env,
    ...{ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' },
    ...{ WINDLASS_TASK_QUEUE: taskQueue, WINDLASS_HOME: home, WINDLASS_ROOT: process.cwd() },
  };
  return background(process.execPath, ['src/worker.ts'], { env });
}

/** A deploy that a worker of another day brought to its approval, and that nobody serves since. */
async function waiting(
  options: Partial<WorkerOptions>,
  pinnedTo?: { readonly deploymentName: string; readonly buildId: string },
): Promise<WorkflowHandle> {
  const names = Object.keys(createActivities({ root: '', home: '' }));
  const idle = Object.fromEntries(names.map((name) => [name, async () => ({})]));
  const activities = { ...idle, planRelease: async () => planned() };
  const older = await Worker.create({
    ...{ connection: native, taskQueue, identity: deadHere, activities },
    ...options,
  });
  return older.runUntil(async () => {
    const workflowId = `environment/host-${randomUUID()}`;
    const args = [{ environment: 'host', actor: 'tester', approval: 'wait' }];
    const start = () =>
      client.workflow.start('deploy', {
        ...{ workflowId, taskQueue, args },
        ...(pinnedTo && { versioningOverride: { pinnedTo } }),
      });
    let handle: WorkflowHandle | undefined;
    await expect.poll(async () => (handle = await start()), { timeout: 20_000 }).toBeDefined();
    if (handle === undefined) throw new Error('it did not start');
    await expect.poll(() => outcomeOf(handle), { timeout: 30_000 }).toBe('waiting-for-approval');
    return handle;
  });
}

async function outcomeOf(handle: WorkflowHandle | undefined): Promise<string | undefined> {
  return (await handle?.query<Report>('report'))?.outcome;
}

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  home = await temporaryFolder('host');
  client = new Client({ connection: await Connection.connect({ address }) });
  native = await NativeConnection.connect({ address });
  code = await bundledWorkflows();
});

afterAll(async () => {
  await worker?.stop();
  await native.close();
  await client.connection.close();
  await rm(home, { recursive: true });
});

describe('a worker that takes the place of others', () => {
  it('goes on with a run from before there were versions, and with one of another bundle', async () => {
    const before = await waiting({ workflowBundle: { code } });
    const other = bundleOf(`${code}\n// of another day`);
    const version = { deploymentName: taskQueue, buildId: other.buildId };
    const pinned = {
      version,
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    } as const;
    const options = { workflowBundle: { code: other.code }, workerDeploymentOptions: pinned };
    const bound = await waiting(options, version);
    await shelve(home, other);
    worker = startWorker();
    for (const run of [before, bound]) {
      await expect.poll(() => outcomeOf(run), { timeout: 50_000 }).toBe('waiting-for-approval');
      const wrong = run.executeUpdate('approve', { args: [{ digest: 'f', actor: 'x' }] });
      await expect(wrong).rejects.toMatchObject({ cause: { type: 'APPROVAL_WRONG_DIGEST' } });
    }
    const described = await bound.describe();
    const { deploymentVersion } = described.raw.workflowExecutionInfo?.versioningInfo ?? {};
    expect(deploymentVersion?.buildId).toBe(other.buildId);
    for (const run of [before, bound]) await run.terminate('the test is over');
    const own = bundleOf(code).buildId;
    expect(await readFile(shelfFile(home, own), 'utf8')).toBe(code); // the next start is a fast one
  }, 120_000);
});
