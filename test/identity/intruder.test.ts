import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Client,
  Connection,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { bundleWorkflowCode } from '@temporalio/worker';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { edge } from '../../activities/edge.ts';
import { createActivities } from '../../activities/index.ts';
import { started } from '../../activities/started.ts';
import type { Deploy } from '../../src/deploy.ts';
import { siteOf } from '../../src/endpoints.ts';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import type { Report } from '../../src/report.ts';
import { stateMarks } from '../../src/planning/state-marks.ts';
import { wordDigest } from '../../src/identity/statement.ts';
import type { Statement } from '../../src/words.ts';
import { planned } from '../workflows/stage.ts';
import { openCast, request } from './cast.ts';
import type { Cast, Name } from './cast.ts';
import { stored, succeeded } from './trusted-site.ts';

const address = inject('temporalAddress');
const queues = { ours: `ours-${randomUUID()}`, theirs: `theirs-${randomUUID()}` };
let cast: Cast;
let connection: Connection;
let native: NativeConnection;
let client: Client;
let ours: Worker;
let running: Promise<void>;

/** Real Temporal, the real workflows and activities, and an environment that names ana and bob. */
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  cast = await openCast();
  const place = { root: process.cwd(), home: cast.folder };
  await writeFile(join(place.home, 'sandbox.json'), JSON.stringify(await bookOf(cast)));
  await cast.door.call('PUT', '/_sandbox/projects/wellness-production');
  const site = await siteOf(place, 'production');
  for (const bucket of [site.stateBucket, site.releaseBucket])
    await ensureBucket(site.google, bucket);
  const people = { ana: cast.known('ana'), bob: cast.known('bob') };
  const bundled = await stored(site, { people, secondPerson: true });
  await succeeded(site, bundled);
  const { plan } = planned({ states: await stateMarks(site) });
  const learned: Partial<Deploy> = JSON.parse(JSON.stringify({ bundle: bundled, plan }));
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
  client = new Client({ connection });
  ours = await Worker.create({
    ...{ connection: native, taskQueue: queues.ours },
    activities: {
      ...createActivities(place),
      // The plan alone is a stand-in; who may have it made is not.
      planRelease: edge(place)(started('deploy', async () => learned)),
    },
    workflowBundle: await bundle('../../workflows/index.ts'),
  });
  running = ours.run();
}, 90_000);

afterAll(async () => {
  ours.shutdown();
  await running;
  await native.close();
  await connection.close();
  await cast.close();
});

const forged = {
  ...{ environment: 'production', actor: 'bob', approval: 'auto', runId: 'forged' },
  identity: { name: 'bob', how: 'ssh-key', by: 'SHA256:x', same: ['person:bob'] },
  plan: { digest: 'a'.repeat(64), unchanged: false },
};
const changing = ['promote', 'applyFoundation', 'migrate', 'undoServices', 'recordOutcome'];

describe('who reaches Temporal and nothing else', () => {
  it.each(['deploy', 'rollback', 'recover', 'reconcile'])(
    'has no %s begun in anybody’s name',
    async (kind) => {
      const workflowId = `intruder/${randomUUID()}`;
      const at = { workflowId, taskQueue: queues.ours, args: [forged] };
      const handle = await client.workflow.start(kind, at);
      await ended(handle);
      const { failure, outcome } = await handle.query<Report>('report');
      expect(failure?.code).toBe('SIGNATURE_MISSING');
      expect(outcome).not.toBe('succeeded');
    },
  );

  it('has nothing changed by a workflow of their own that asks our workers', async () => {
    const theirs = await Worker.create({
      ...{ connection: native, taskQueue: queues.theirs },
      workflowBundle: await bundle('rogue-workflow.ts'),
    });
    await theirs.runUntil(async () => {
      for (const activity of changing) {
        const workflowId = `intruder/${randomUUID()}`;
        const args = [queues.ours, activity, forged];
        const at = { workflowId, taskQueue: queues.theirs, args };
        expect(await ended(await client.workflow.start('rogue', at))).toBe('RUN_NOT_AUTHORIZED');
      }
    });
  });

  it.each([...changing, 'planRelease', 'notify'])(
    'has no %s done by the temporal command without a workflow',
    async (activity) => {
      const program =
        process.env['WINDLASS_TEMPORAL'] ?? resolve('tools/python/.venv/bin/temporal');
      const asked = [
        ...['activity', 'execute', '--type', activity, '--task-queue', queues.ours],
        ...['--activity-id', randomUUID(), '--schedule-to-close-timeout', '30s'],
        ...['--input', JSON.stringify(forged), '--address', address],
      ];
      const { all, exitCode } = await execa(program, asked, { reject: false, all: true });
      expect(exitCode, all).not.toBe(0);
      expect(all).toContain('This run was not authorized');
    },
  );
});

describe('a run that ana began', () => {
  it('is stopped and approved by signed words alone, and says who said them', async () => {
    const workflowId = `signed/${randomUUID()}`;
    const args = [{ ...request, signed: await cast.signed('ana', {}) }];
    const at = { workflowId, taskQueue: queues.ours, args };
    const handle = await client.workflow.start('deploy', at);
    const report = () => handle.query<Report>('report');
    await vi.waitUntil(async () => (await report()).outcome === 'waiting-for-approval', 30_000);
    const run = handle.firstExecutionRunId;
    const digest = 'a'.repeat(64);
    const say = async (name: string, said: object, by?: Name, about: Partial<Statement> = {}) => {
      const signed = by && (await cast.signed(by, { run, ...about }));
      const word = { actor: 'bob', ...said, ...(signed && { signed }) };
      return refusedBy(handle.executeUpdate(name, { args: [word] }));
    };
    const approval = { kind: 'approve', digest } as const;
    expect(await say('approve', { digest })).toBe('SIGNATURE_MISSING');
    expect(await say('approve', { digest }, 'eve', approval)).toBe('SIGNER_UNKNOWN');
    expect(await say('approve', { digest }, 'ana', approval)).toBe('APPROVAL_SAME_PERSON');
    const reason = 'too late for today';
    expect(await say('stop', { reason })).toBe('SIGNATURE_MISSING');
    const other = { kind: 'stop', digest: wordDigest({ reason: 'another' }) } as const;
    expect(await say('stop', { reason }, 'bob', other)).toBe('SIGNED_FOR_OTHER_DIGEST');
    expect((await report()).outcome).toBe('waiting-for-approval');
    const stop = { kind: 'stop', digest: wordDigest({ reason }) } as const;
    expect(await say('stop', { reason }, 'bob', stop)).toBe('taken');
    expect(await ended(handle)).toBe('Rejected');
    expect((await report()).acts).toMatchObject([
      { act: 'start', by: 'ana', how: 'ssh-key' },
      { act: 'stop', by: 'bob', how: 'ssh-key', reason },
    ]);
  });
});

/** The code by which a word was refused, or `taken`. */
async function refusedBy(update: Promise<unknown>): Promise<string> {
  const error: unknown = await update.catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkflowUpdateFailedError)) return 'taken';
  return error.cause instanceof ApplicationFailure ? (error.cause.type ?? '') : '';
}

/** The code that a run ended with. */
async function ended(handle: WorkflowHandle): Promise<string> {
  const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkflowFailedError)) return 'done';
  const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
  return cause instanceof ApplicationFailure ? (cause.type ?? '') : String(cause);
}

function bundle(path: string) {
  const workflowsPath = fileURLToPath(new URL(path, import.meta.url));
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
}

async function bookOf({ door }: Cast) {
  const nowhere = 'http://127.0.0.1:9';
  return {
    ...{ version: 1, google: door.access.endpoints.run, googleToken: await door.access.token() },
    ...{ supabase: nowhere, supabaseToken: 'x', reattach: '{}' },
    temporal: { address, ui: nowhere, namespace: 'default' },
  };
}
