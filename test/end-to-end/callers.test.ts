import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { stopWorker } from '../../src/cli/worker-process.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { lane } from './lane.ts';
import { runWindlass } from './rig.ts';
import type { Ended, Rig } from './rig.ts';

/** Two callers with a tree each; one worker stands in the first tree, one in an empty folder. */
const plansEach = Number(process.env['WINDLASS_TEST_PLANS'] ?? 2);
let rig: Rig;
let place: string;
let treeful: Started;
let treeless: Started;

beforeAll(async () => {
  rig = await openDeployedRig();
  rig.env['WINDLASS_WORKER'] = 'external';
  await stopWorker({ root: rig.root, home: rig.home });
  place = await mkdtemp(join(tmpdir(), 'windlass-callers-'));
  await makeOtherTree();
  // A machine of its own: the sandbox's address book and the backup key, and nothing else.
  await mkdir(join(place, 'empty'));
  await mkdir(join(place, 'home'));
  await cp(join(rig.home, 'sandbox.json'), join(place, 'home', 'sandbox.json'));
  await cp(join(rig.home, 'keys'), join(place, 'home', 'keys'), { recursive: true });
  treeful = await start(['node', resolve('src/worker.ts')], { ...rig.env, LOG_LEVEL: 'info' });
  treeless = await startAsComposed();
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
  await rig.edit(versioned, 'VERSION = "1.0.0"', 'VERSION = "1.0.1"');
  const text = await readFile(join(tree, versioned), 'utf8');
  await writeFile(join(tree, versioned), text.replace('VERSION = "1.0.0"', 'VERSION = "1.0.2"'));
  const git = (...args: string[]) => execa('git', ['-C', tree, ...args]);
  await git('init', '--quiet', '--initial-branch', 'trunk');
  await git('add', '.');
  const who = ['-c', 'user.name=tester', '-c', 'user.email=tester@example.com'];
  await git(...who, 'commit', '--quiet', '--message', 'The other tree');
}

const versioned = 'examples/wellness/users/main.py';

function other(): string {
  return join(place, 'other');
}

/** A worker and its process id, which is what Temporal knows it by. */
interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
}

/** The compose worker without its container: the same command, its variables and no others. */
async function startAsComposed(): Promise<Started> {
  const Worker = z.object({
    command: z.array(z.string()),
    environment: z.record(z.string(), z.string()),
  });
  const Compose = z.object({ services: z.object({ worker: Worker }) });
  const text = await readFile('docker-compose.yml', 'utf8');
  const { command, environment } = Compose.parse(parse(text, { merge: true })).services.worker;
  const here: Readonly<Record<string, string | undefined>> = {
    ...rig.env,
    WINDLASS_ROOT: join(place, 'empty'),
    WINDLASS_HOME: join(place, 'home'),
    LOG_LEVEL: 'info',
    WINDLASS_CODEC_KEY_FILE: undefined, // the rig's Temporal is in clear
  };
  const names = [...Object.keys(environment), 'WINDLASS_WORKFLOW_BUNDLE'];
  const env = Object.fromEntries(names.map((name) => [name, here[name]]));
  return start(
    command.map((word) => word.replace(/^\/app\//, `${resolve('.')}/`)),
    env,
  );
}

async function start(
  [program = '', ...args]: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Started> {
  const { PATH, HOME } = process.env;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH, HOME, ...variables },
  });
  const { pid } = await new Promise<{ readonly pid: number }>((ready, fail) => {
    child.once('exit', (code) => fail(new Error(`the worker ended with ${code}`)));
    createInterface(child.stdout).on('line', (line) => {
      const said = Line.safeParse(JSON.parse(line)).data;
      if (said?.msg === 'worker is ready') ready(said);
    });
  });
  return { child, pid };
}

const Line = z.object({ msg: z.string(), pid: z.int() });

async function stop({ child }: Started): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
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
    await stop(treeful);
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
