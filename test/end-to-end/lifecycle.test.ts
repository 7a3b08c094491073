import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRevisions, readServices } from '../../src/gcp/run.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { breakCalls, mend, withRun } from './midway.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';
import { held } from '../../src/held.ts';

let rig: Rig;
const main = resolve(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
});

afterAll(async () => {
  await rig.close();
});

/** Revisions per service. */
async function revisionCounts(): Promise<Readonly<Record<string, number>>> {
  const { google } = await rig.site();
  const counts = (await readServices(google)).map(
    async ({ name }) => [name, (await listRevisions(google, name)).length] as const,
  );
  return Object.fromEntries(await Promise.all(counts));
}

const change = (service: string, from: string, to: string) =>
  rig.edit(`examples/wellness/${service}/main.py`, `VERSION = "${from}"`, `VERSION = "${to}"`);

/** A deploy that runs beside the test, and whether it has said a text yet. */
function deploying(...args: string[]) {
  const run = execa(process.execPath, [main, 'deploy', '-e', 'production', ...args], {
    env: rig.env,
    reject: false,
    all: true,
    timeout: 240_000,
  });
  let said = '';
  let ended = false;
  void held(run.then(() => (ended = true)));
  run.all.on('data', (chunk: Buffer) => (said += String(chunk)));
  const until = async (text: string): Promise<void> => {
    while (!said.includes(text)) {
      if (ended) throw new Error(said);
      await pause(50);
    }
  };
  return { run, until };
}

describe('the life of an environment', () => {
  it('gains exactly one revision when one service changed', async () => {
    const before = await revisionCounts();
    await change('meals', '1.0.0', '2.0.0');
    const ended = await rig.windlass('deploy', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(await revisionCounts()).toEqual({ ...before, meals: (before['meals'] ?? 0) + 1 });
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '2.0.0', habits: '1.0.0' });
  });

  it('returns to the release before, and no further; the command ends with the run', async () => {
    await breakCalls(rig, { method: 'DELETE', pathPattern: '/o/environment.json$', delayMs: 4000 });
    const back = await rig.windlass('rollback', '-e', 'production');
    expect(back.exitCode, back.all).toBe(0);
    expect(await withRun(rig, async (run) => (await run.describe()).status.name)).toBe('COMPLETED');
    await mend(rig);
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '1.0.0', habits: '1.0.0' });
    const before = await rig.fingerprint();
    const again = await rig.windlass('rollback', '-e', 'production');
    expect(again.exitCode, again.all).toBe(3);
    expect(again.all).toContain('ALREADY_ROLLED_BACK');
    expect((await rig.fingerprint()).lines).toEqual(before.lines);
  });

  it('is held by one run at a time; watching it can be left', async () => {
    const waiting = await rig.windlass('deploy', '-e', 'production', '--wait-for-approval');
    expect(waiting.exitCode, waiting.all).toBe(8);
    const second = await rig.windlass('deploy', '-e', 'production');
    expect(second.exitCode, second.all).toBe(6);
    expect(second.all).toMatch(/rig \(\w+\) started a deploy of r-\w{12} at/);
    const digest = /approve (\w{12}) /.exec(waiting.all)?.[1] ?? 'none';
    const approved = await rig.windlass('approve', digest, '-e', 'production');
    expect(approved.exitCode, approved.all).toBe(0);
    const watched = await rig.windlass('status', '-e', 'production', '--watch');
    expect(watched.exitCode, watched.all).toBe(0);
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '2.0.0' });
  });

  it('goes on when its worker is killed, and when the watching is stopped', async () => {
    await change('habits', '1.0.0', '3.0.0');
    const { run, until } = deploying();
    await until('services   begins');
    await rig.killWorker();
    await until('another one takes over');
    run.kill('SIGINT');
    const left = await run;
    expect(left.exitCode, left.all).toBe(130);
    expect(left.all).toContain('continues.');
    const watched = await rig.windlass('status', '-e', 'production', '--watch');
    expect(watched.exitCode, watched.all).toBe(0);
    expect(await versionsAt(await rig.site())).toMatchObject({ habits: '3.0.0' });
  });
});

describe('the ledger of that life', () => {
  it('says of every run what was approved, what was before, what is now, and its backup', async () => {
    const entries = await readLedger(await rig.site());
    const told = entries.map(({ kind, outcome, approvedBy }) => [kind, outcome, approvedBy]);
    expect(told).toEqual([
      ['deploy', 'succeeded', 'auto'],
      ['deploy', 'succeeded', 'auto'],
      ['rollback', 'succeeded', 'not asked for'],
      ['deploy', 'succeeded', expect.stringMatching(/^rig \(\w+\)$/)],
      ['deploy', 'succeeded', 'auto'],
    ]);
    for (const [index, entry] of entries.entries()) {
      expect(entry.planDigest).toMatch(/^\w{64}$/);
      expect(entry.backup?.object).toMatch(/^backups\//);
      expect(entry.undo).toEqual({});
      expect(Object.keys(entry.revisionsBefore ?? {})).toEqual(Object.keys(entry.revisions));
      if (index > 0) expect(entry.statesBefore).toEqual(entries[index - 1]?.states);
    }
  });

  it('can be checked elsewhere: an entry that is changed, missing or moved is found', async () => {
    const folder = join(rig.root, 'copy');
    await rig.windlass('ledger', 'download', folder, '-e', 'production');
    expect((await verified(folder)).stdout).toContain('5 entries, unbroken');
    await editIn(folder, '000002.json', (text) => text.replace('"rig ', '"somebody '));
    await findsOne(folder, '000002.json: it was changed');
    await editIn(folder, '000002.json', (text) => text.replace('"somebody ', '"rig '));
    await rename(join(folder, '000003.json'), join(folder, '000003.away'));
    await findsOne(folder, '000003.json is missing');
    await rename(join(folder, '000004.json'), join(folder, '000003.json'));
    await rename(join(folder, '000003.away'), join(folder, '000004.json'));
    await findsOne(folder, '000003.json: it says that it is entry 4');
  });
});

/** Checks a copy where there is neither a project nor a cloud. */
async function verified(folder: string) {
  const env = { WINDLASS_ROOT: '/nowhere', WINDLASS_HOME: '/nowhere' };
  const args = [main, 'ledger', 'verify', '--file', folder];
  return execa(process.execPath, args, { env, reject: false, all: true });
}

async function findsOne(folder: string, problem: string): Promise<void> {
  const found = await verified(folder);
  expect(found.exitCode, found.all).toBe(1);
  expect(found.stdout).toContain(problem);
}

async function editIn(folder: string, name: string, edit: (text: string) => string): Promise<void> {
  const text = await readFile(join(folder, name), 'utf8');
  await writeFile(join(folder, name), edit(text));
}
