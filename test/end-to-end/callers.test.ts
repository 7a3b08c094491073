import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { lane } from './lane.ts';
import { runWindlass } from './rig.ts';
import type { Ended, Rig } from './rig.ts';

/** Two callers with a tree each; one worker stands in the first tree, one in an empty folder. */
const plansEach = Number(process.env['WINDLASS_TEST_PLANS'] ?? 2);
let rig: Rig;
let place: string;
let treeful: ChildProcess;
let treeless: ChildProcess;

beforeAll(async () => {
  rig = await openDeployedRig();
  rig.env['WINDLASS_WORKER'] = 'external';
  place = await mkdtemp(join(tmpdir(), 'windlass-callers-'));
  await makeOtherTree();
  // A machine of its own: the sandbox's address book and the backup key, and nothing else.
  await mkdir(join(place, 'empty'));
  await mkdir(join(place, 'home'));
  await cp(join(rig.home, 'sandbox.json'), join(place, 'home', 'sandbox.json'));
  await cp(join(rig.home, 'keys'), join(place, 'home', 'keys'), { recursive: true });
  treeful = await startWorker({});
  treeless = await startWorker({
    WINDLASS_ROOT: join(place, 'empty'),
    WINDLASS_HOME: join(place, 'home'),
  });
});

afterAll(async () => {
  await Promise.all([stop(treeful), stop(treeless)]);
  await rig.close();
  await rm(place, { recursive: true, force: true });
});

/** The second checkout: another version of one service, committed. */
async function makeOtherTree(): Promise<void> {
  const tree = other();
  await cp(rig.root, tree, {
    recursive: true,
    filter: (path) => !path.startsWith(rig.home),
  });
  await rig.edit('examples/wellness/users/main.py', 'VERSION = "1.0.0"', 'VERSION = "1.0.1"');
  const git = (...args: string[]) => execa('git', ['-C', tree, ...args]);
  await git('init', '--quiet', '--initial-branch', 'trunk');
  await git('add', '.');
  const who = ['-c', 'user.name=tester', '-c', 'user.email=tester@example.com'];
  await git(...who, 'commit', '--quiet', '--message', 'The other tree');
}

function other(): string {
  return join(place, 'other');
}

async function startWorker(more: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [resolve('src/worker.ts')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...rig.env, LOG_LEVEL: 'error', ...more },
  });
  expect(await once(child, 'message')).toEqual(['ready', undefined]);
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

type Caller = (...args: readonly string[]) => Promise<Ended>;

const first: Caller = (...args) => runWindlass(rig.env, [...args, '-e', 'production']);
const second: Caller = (...args) =>
  runWindlass({ ...rig.env, WINDLASS_ROOT: other() }, [...args, '-e', 'production']);

/** The release that a caller's own tree makes, as its command line says. */
function gathered({ stderr }: Ended): string {
  return /^release (r-[0-9a-f]{12}), from /m.exec(stderr)?.[1] ?? '';
}

/** Which workers took the activities of a run, by their process ids. */
async function workersOf({ stderr }: Ended): Promise<ReadonlySet<string>> {
  const [, runId = ''] = /environment%2Fproduction\/([0-9a-f-]{36})/.exec(stderr) ?? [];
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const client = new Client({ connection, namespace: lane });
  const handle = client.workflow.getHandle('environment/production', runId);
  const { events } = await handle.fetchHistory();
  await connection.close();
  const identities = (events ?? []).flatMap(
    ({ activityTaskStartedEventAttributes: started }) => started?.identity ?? [],
  );
  return new Set(identities.map((identity) => identity.replace(`@${hostname()}`, '')));
}

describe('two callers with a tree each, on one queue with two workers', () => {
  it('get a plan of their own tree, whichever worker makes it', async () => {
    const took = new Set<string>();
    const releases = new Map<Caller, string>();
    for (let round = 0; round < plansEach; round += 1)
      for (const caller of [first, second]) {
        const planned = await caller('plan');
        expect(planned.exitCode, planned.all).toBe(0);
        expect(planned.stderr).toContain(`✔ ${gathered(planned)} is planned`);
        for (const worker of await workersOf(planned)) took.add(worker);
        releases.set(caller, gathered(planned));
      }
    expect(new Set(releases.values()).size).toBe(2);
    expect([...took].sort()).toEqual([`${treeful.pid}`, `${treeless.pid}`].sort());
  });

  it('deploy their own release, one after the other', async () => {
    for (const caller of [second, first]) {
      const deployed = await caller('deploy');
      expect(deployed.exitCode, deployed.all).toBe(0);
      const status: unknown = JSON.parse((await caller('status', '--json')).stdout);
      expect(status).toMatchObject({ release: gathered(deployed) });
    }
  });

  it('are told which commit a release was made from, also by ledger and list', async () => {
    const { stdout: commit } = await execa('git', ['-C', other(), 'rev-parse', 'HEAD']);
    const [newest, before] = (await readLedger(await rig.site())).toReversed();
    expect(before?.tree).toEqual({ commit, branch: 'trunk', dirty: false });
    expect(newest?.tree).toEqual({ none: 'not a git checkout' });
    expect(before?.release?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const listed = await second('releases');
    expect(listed.stdout).toContain(`from ${commit.slice(0, 12)} on trunk  deploy succeeded`);
    expect((await first('status')).stdout).toMatch(/^release +r-\w+, from not a git checkout$/m);
  });
});

describe('a worker in an empty folder', () => {
  it('does a whole deploy, its rollback, a backup and a look for drift', async () => {
    await stop(treeful);
    const deployed = await second('deploy');
    expect(deployed.exitCode, deployed.all).toBe(0);
    expect(deployed.stderr).toMatch(/^release r-\w+, from \w{12} on trunk$/m);
    expect(await workersOf(deployed)).toEqual(new Set([`${treeless.pid}`]));
    for (const args of [['drift'], ['backup'], ['rollback']]) {
      const ended = await second(...args);
      expect(ended.exitCode, ended.all).toBe(0);
    }
  });
});
