import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stopWorker } from '../../src/cli/worker-process.ts';
import { changeObject } from '../../src/gcp/change-object.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { lane } from './lane.ts';
import { startAsComposed, startWorker, stopOwn } from './own-worker.ts';
import type { OwnWorker } from './own-worker.ts';
import { runWindlass } from './rig.ts';
import type { Ended, Rig } from './rig.ts';

/** Two callers with a tree each; one worker stands in the first tree, one in an empty folder. */
const plansEach = Number(process.env['WINDLASS_TEST_PLANS'] ?? 2);
let rig: Rig;
let place: string;
let treeful: OwnWorker;
let treeless: OwnWorker;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  rig.env['WINDLASS_WORKER'] = 'external';
  await stopWorker({ root: rig.root, home: rig.home });
  place = await mkdtemp(join(tmpdir(), 'windlass-callers-'));
  await makeOtherTree();
  // A machine of its own: the sandbox's address book and the backup key, and nothing else.
  await mkdir(join(place, 'empty'));
  await mkdir(join(place, 'home'));
  await cp(join(rig.home, 'sandbox.json'), join(place, 'home', 'sandbox.json'));
  await cp(join(rig.home, 'keys'), join(place, 'home', 'keys'), { recursive: true });
  treeful = await startWorker(['node', resolve('src/worker.ts')], {
    ...rig.env,
    LOG_LEVEL: 'info',
  });
  treeless = await startAsComposed(rig.env, {
    WINDLASS_ROOT: join(place, 'empty'),
    WINDLASS_HOME: join(place, 'home'),
  });
});

afterAll(async () => {
  await Promise.all([stopOwn(treeful), stopOwn(treeless)]);
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
  await rig.edit(versioned, 'VERSION = "1.0.0"', 'VERSION = "1.0.1"');
  const text = await readFile(join(tree, versioned), 'utf8');
  await writeFile(join(tree, versioned), text.replace('VERSION = "1.0.0"', 'VERSION = "1.0.2"'));
  const git = (...args: string[]) => execa('git', ['-C', tree, ...args]);
  await git('init', '--quiet', '--initial-branch', 'trunk');
  await git('add', '.');
  const who = ['-c', 'user.name=tester', '-c', 'user.email=tester@example.com'];
  await git(...who, 'commit', '--quiet', '--message', 'The other tree');
}

const versioned = 'examples/wellness/habits/main.py';

function other(): string {
  return join(place, 'other');
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
  return new Set(identities.map((identity) => identity.replace(/\..*/, '')));
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
    for (const caller of [first, second]) {
      const deployed = await caller('deploy');
      expect(deployed.exitCode, deployed.all).toBe(0);
      const status: unknown = JSON.parse((await caller('status', '--json')).stdout);
      expect(status).toMatchObject({ release: gathered(deployed) });
    }
  });

  it('are told which commit a release was made from, also by ledger and list', async () => {
    const { stdout: commit } = await execa('git', ['-C', other(), 'rev-parse', 'HEAD']);
    const [newest, before] = (await readLedger(await rig.site())).toReversed();
    expect(newest?.tree).toEqual({ commit, branch: 'trunk', dirty: false });
    expect(before?.tree).toEqual({ none: 'not a git checkout' });
    expect(before?.release?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const listed = await second('releases');
    expect(listed.stdout).toContain(`from ${commit.slice(0, 12)} on trunk  deploy succeeded`);
    expect((await first('status')).stdout).toMatch(/^release +r-\w+, from \w{12} on trunk$/m);
  });
});

describe('a worker in an empty folder', () => {
  it('does a whole deploy, its rollback, a backup and a look for drift', async () => {
    await stopOwn(treeful);
    const deployed = await first('deploy');
    expect(deployed.exitCode, deployed.all).toBe(0);
    expect(deployed.stderr).toMatch(/^release r-\w+, from not a git checkout$/m);
    expect(await workersOf(deployed)).toEqual(new Set([`${treeless.pid}`]));
    for (const args of [['drift'], ['backup'], ['rollback']]) {
      const ended = await first(...args);
      expect(ended.exitCode, ended.all).toBe(0);
    }
  });
});

/** Writes an object of the release bucket as somebody would who may; the bucket keeps what was there. */
async function meddle(name: string, change: (before: string) => string): Promise<void> {
  const { google, releaseBucket: bucket } = await rig.site();
  await changeObject(google, { bucket, name }, 1, (before) => Buffer.from(change(String(before))));
}

describe('a ledger of which an entry was changed', () => {
  beforeAll(() => meddle('ledger/000001.json', (text) => text.replace('{', '{"extra": 1,')));

  it.each([
    ['plan'],
    ['deploy'],
    ['rollback'],
    ['recover', '--yes'],
    ['recover', '--reconcile'],
    ['drift'],
    ['backup'],
    ['drill'],
    ['migrate-v1', '--plan-only'],
    ['secrets', 'rotate', 'habits'],
    ['secrets', 'retire', 'habits'],
    ['secrets', 'enable', 'habits'],
  ])('stops %s %s %s: the entry and the way out are named', async (...args) => {
    const { exitCode, all } = await first(...args);
    expect(exitCode, all).toBe(3);
    expect(all).toContain('000001.json');
    expect(all).toContain('LEDGER_BROKEN');
    expect(all).toContain('windlass ledger repair -e');
  });

  it('is shown all the same, and mended by the command that was named', async () => {
    const status = await first('status');
    expect(status.exitCode, status.all).toBe(3);
    expect(status.all).toContain('LEDGER_BROKEN');
    expect((await first('ledger', 'verify')).exitCode).toBe(1);
    const mended = await first('ledger', 'repair', '--yes');
    expect(mended.exitCode, mended.all).toBe(0);
    expect(mended.stdout).toContain('000001.json: restored as it was written');
    expect((await first('ledger', 'verify')).exitCode).toBe(0);
  });
});

describe('a bundle that is another than its id says', () => {
  it('is refused by deploy and rollback with nothing touched, and mended', async () => {
    const ledger = await readLedger(await rig.site());
    const standing = ledger.findLast(({ outcome }) => outcome === 'succeeded')?.release?.id;
    const release = ledger.find((one) => one.release && one.release.id !== standing)?.release;
    const { id = '', object = '' } = release ?? {};
    await meddle(object, (text) => text.replaceAll('a', 'b'));
    for (const args of [
      ['deploy', '--release', id],
      ['plan', '--release', id],
      ['rollback', '--to', id],
    ]) {
      const { exitCode, all } = await first(...args);
      expect(exitCode, all).toBe(3);
      expect(all).toContain('RELEASE_DAMAGED');
      expect(all).toContain(`windlass releases repair ${id} -e`);
    }
    const mended = await first('releases', 'repair', id);
    expect(mended.stdout).toContain(`${object}: from an older generation`);
    const planned = await first('plan', '--release', id);
    expect(planned.exitCode, planned.all).toBe(0);
  });
});
