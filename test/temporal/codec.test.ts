import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Client,
  Connection,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import type { Payload, PayloadCodec } from '@temporalio/common';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  bundleWorkflowCode,
} from '@temporalio/worker';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Report } from '../../src/report.ts';
import { aesGcm, dataConverter } from '../../src/temporal/codec.ts';
import { planned } from '../workflows/stage.ts';

const [old, now] = [randomBytes(32), randomBytes(32)];
const value = { environment: 'production' };
const clear = defaultPayloadConverter.toPayload(value);

/** What a codec makes of a payload, as the code behind it sees it. */
async function seen(codec: PayloadCodec | undefined, payload: Payload = {}): Promise<unknown> {
  const [found] = (await codec?.decode([payload])) ?? [];
  return found && defaultPayloadConverter.fromPayload(found);
}

describe('the codec', () => {
  it('reads what an older key sealed, and seals by the first', async () => {
    const [sealed] = await aesGcm([old], true).encode([clear]);
    const rotated = aesGcm([now, old], true);
    expect(await seen(rotated, sealed)).toEqual(value);
    const [again] = await rotated.encode([clear]);
    expect(await seen(aesGcm([now], true), again)).toEqual(value);
    await expect(aesGcm([old], true).decode([again ?? {}])).rejects.toMatchObject({
      code: 'PAYLOAD_UNREADABLE',
      why: expect.stringMatching(/holds/),
    });
  });

  it('believes nothing that is not sealed, or whose seal does not hold; a client shows it', async () => {
    const worker = aesGcm([now], true);
    expect(await seen(worker, clear)).toEqual({ windlassRefused: 'PAYLOAD_NOT_ENCRYPTED' });
    const [sealed = {}] = await worker.encode([clear]);
    const data = Buffer.from(sealed.data ?? []);
    data[data.length - 1] = (data.at(-1) ?? 0) ^ 1;
    expect(await seen(worker, { ...sealed, data })).toEqual({
      windlassRefused: 'PAYLOAD_UNREADABLE',
    });
    expect(await aesGcm([now], false).decode([clear])).toEqual([clear]);
  });

  it('takes its keys from a file, one a line, and names one that is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'windlass-codec-'));
    const file = join(folder, 'keys');
    vi.stubEnv('WINDLASS_CODEC_KEY_FILE', file);
    await writeFile(file, `${now.toString('base64')}\n${old.toString('base64')}\n`);
    const [sealed] = await aesGcm([old], true).encode([clear]);
    const { payloadCodecs = [] } = await dataConverter('worker');
    expect(await seen(payloadCodecs[0], sealed)).toEqual(value);
    await writeFile(file, `${now.toString('base64')}\nbm90IGEga2V5\n`);
    await expect(dataConverter('worker')).rejects.toMatchObject({ code: 'CODEC_KEY_INVALID' });
    await writeFile(file, '');
    await expect(dataConverter('worker')).rejects.toMatchObject({ code: 'CODEC_KEY_INVALID' });
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
});

describe('a worker with a codec key', () => {
  const address = inject('temporalAddress');
  const taskQueue = `codec-${randomUUID()}`;
  let connection: Connection;
  let native: NativeConnection;
  let worker: Worker;
  let bundle: Awaited<ReturnType<typeof bundleWorkflowCode>>;
  let running: Promise<void>;
  let keyed: Client;
  let plain: Client;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    connection = await Connection.connect({ address });
    native = await NativeConnection.connect({ address });
    const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
    const logger = new DefaultLogger('ERROR');
    bundle = await bundleWorkflowCode({ workflowsPath, logger });
    worker = await openWorker(taskQueue, [aesGcm([now], true)]);
    running = worker.run();
    // It sends in plain text, and reads what it gets: that the key is not its own is the point.
    const { decode } = aesGcm([now], false);
    const reading = { encode: async (payloads: Payload[]) => payloads, decode };
    plain = new Client({ connection, dataConverter: { payloadCodecs: [reading] } });
    keyed = new Client({ connection, dataConverter: { payloadCodecs: [aesGcm([now], false)] } });
  }, 60_000);
  afterAll(async () => {
    worker.shutdown();
    await running;
    await native.close();
    await connection.close();
  });

  function openWorker(queue: string, payloadCodecs: PayloadCodec[]): Promise<Worker> {
    return Worker.create({
      ...{ connection: native, taskQueue: queue, workflowBundle: bundle },
      dataConverter: { payloadCodecs },
      activities: {
        planRelease: async ({ environment }: { readonly environment: string }) => {
          if (environment.startsWith('slow')) return Context.current().cancelled;
          const approvalRules = { patienceSeconds: 60, secondPerson: false };
          return { ...planned(), approvalRules };
        },
        statesMoved: async () => ({ moved: ['20-services'] }),
      },
    });
  }

  /** Has a worker of its own kind on a queue while something is done. */
  async function beside<T>(queue: string, codecs: PayloadCodec[], work: () => Promise<T>) {
    const other = await openWorker(queue, codecs);
    return other.runUntil(work);
  }

  const begin = (client: Client, kind = 'codec') => {
    const environment = `${kind}-${randomUUID()}`;
    const workflowId = `environment/${environment}`;
    const args = [{ environment, actor: 'x', approval: 'wait' }];
    return client.workflow.start('deploy', { workflowId, taskQueue, args });
  };

  it('refuses a start in plain text by name, and ends it', async () => {
    const handle = await begin(plain);
    const error = await handle.result().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect(typeOf(error)).toBe('PAYLOAD_NOT_ENCRYPTED');
  });

  it('refuses a word in plain text, also from the temporal command, and the run waits on', async () => {
    const handle = await begin(keyed);
    const report = () => handle.query<Report>('report');
    await vi.waitUntil(async () => (await report()).outcome === 'waiting-for-approval', 20_000);
    const said = { digest: 'a'.repeat(64), actor: 'forged' };
    const sent = plain.workflow.getHandle(handle.workflowId);
    const error = await sent.executeUpdate('approve', { args: [said] }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
    expect(typeOf(error)).toBe('PAYLOAD_NOT_ENCRYPTED');
    const forged = await temporal(
      ...['workflow', 'update', 'execute', '--name', 'stop', '--workflow-id', handle.workflowId],
      ...['--input', '{"reason":"x","actor":"forged"}'],
    );
    expect(forged.exitCode, forged.all).not.toBe(0);
    expect((await report()).outcome).toBe('waiting-for-approval');
    await handle.terminate('the test is over');
  });

  it('takes no result of an activity from somebody who has no key', async () => {
    const handle = await begin(keyed, 'slow');
    const done = ['activity', 'complete', '--workflow-id', handle.workflowId, '--activity-id', '1'];
    await vi.waitUntil(async () => {
      const { exitCode } = await temporal(...done, '--result', '{"plan":{"unchanged":true}}');
      return exitCode === 0;
    }, 20_000);
    const error = await handle.result().catch((thrown: unknown) => thrown);
    expect(typeOf(error)).toBe('Rejected');
    const { failure } = await handle.query<Report>('report');
    expect(failure?.code).toBe('PAYLOAD_NOT_ENCRYPTED');
  });

  it('ends no run that began before there was a key: it waits until the worker may read it', async () => {
    const queue = `before-${randomUUID()}`;
    const workflowId = `environment/${queue}`;
    const args = [{ environment: queue, actor: 'x', approval: 'wait' }];
    const old = new Client({ connection });
    const handle = await old.workflow.start('deploy', { workflowId, taskQueue: queue, args });
    const report = (client: Client) =>
      client.workflow.getHandle(workflowId).query<Report>('report');
    const waits = async (client: Client) =>
      (await report(client).catch(() => undefined))?.outcome === 'waiting-for-approval';
    await beside(queue, [], () => vi.waitUntil(() => waits(old), 20_000));
    await beside(queue, [aesGcm([now], true)], async () => {
      await expect(report(keyed)).rejects.toThrow();
      expect((await handle.describe()).status.name).toBe('RUNNING');
    });
    await beside(queue, [aesGcm([now], false)], () => vi.waitUntil(() => waits(keyed), 20_000));
    await handle.terminate('the test is over');
  });

  /** The command that everybody has who reaches Temporal. */
  function temporal(...args: readonly string[]) {
    const program = process.env['WINDLASS_TEMPORAL'] ?? resolve('tools/python/.venv/bin/temporal');
    return execa(program, [...args, '--address', address], { reject: false, all: true });
  }
});

function typeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? (cause.type ?? '') : String(error);
}
