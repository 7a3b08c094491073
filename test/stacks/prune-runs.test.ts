import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pruneRuns } from '../../src/stacks/prune-runs.ts';
import { thisMachine, identify } from '../../src/terraform/process-identity.ts';
import { runFiles } from '../../src/terraform/run-files.ts';
import { temporaryFolder } from '../setup/process.ts';

const dayMs = 24 * 60 * 60_000;

/** A home with a run for each age, in days; named by their place in the list. */
async function homeWith(ages: readonly number[]): Promise<string> {
  const home = await temporaryFolder('prune');
  for (const [index, days] of ages.entries()) {
    const folder = join(home, 'runs', `run-${index}`);
    await mkdir(folder, { recursive: true });
    await age(folder, days);
  }
  return home;
}

async function age(folder: string, days: number): Promise<void> {
  const at = new Date(Date.now() - days * dayMs);
  await utimes(folder, at, at);
}

/** A terraform run of a folder that never wrote its outcome. */
async function terraformOf(folder: string, pid: number, started: string): Promise<void> {
  const run = join(folder, 'r-1-10-foundation', 'runs', 'apply-1');
  await mkdir(run, { recursive: true });
  const record = {
    ...{ machine: await thisMachine(), startedAt: new Date().toISOString() },
    ...{ cwd: '/', command: ['terraform'], supervisor: { pid, started } },
  };
  await writeFile(runFiles(run).record, JSON.stringify(record));
}

const none = async () => [];

it('keeps the newest ten of this week, and nothing that is older', async () => {
  const home = await homeWith([...Array.from({ length: 12 }, (_, n) => n / 10), 8, 40]);
  expect(await pruneRuns(home, none)).toBe(4);
  const left = (await readdir(join(home, 'runs'))).length;
  expect(left).toBe(10);
});

it('removes nothing while there are few', async () => {
  const home = await homeWith([40, 50, 60]);
  expect(await pruneRuns(home, none)).toBe(0);
});

it('never removes an open run, nor one whose terraform lives, nor what proves a lock to be dead', async () => {
  const home = await homeWith(Array.from({ length: 15 }, (_, n) => n + 1));
  const runs = join(home, 'runs');
  const self = await identify(process.pid);
  await terraformOf(join(runs, 'run-12'), process.pid, self?.started ?? '');
  await terraformOf(join(runs, 'run-13'), 1, 'another boot');
  for (const index of [12, 13]) await age(join(runs, `run-${index}`), index + 1);
  await pruneRuns(home, async () => ['run-14']);
  expect(await readdir(runs)).toEqual(expect.arrayContaining(['run-12', 'run-13', 'run-14']));
  expect(await readdir(runs)).not.toContain('run-11');
});
