import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProject } from '../../bench/project.ts';
import type { Project } from '../../bench/project.ts';
import { siteOf } from '../../src/endpoints.ts';
import { startWriter } from '../end-to-end/writer.ts';
import type { Writer } from '../end-to-end/writer.ts';
import { prepare, tenUpdates } from './ten-updates.ts';

// A product in use from its first minute on: 50 rows a second into four tables, and meanwhile all that
// a team does to it in a month. `make live` runs it alone and prints what it took.
let project: Project;
let writer: Writer;
const lines = [['action', 'seconds', 'rows', 'slowest write']];

beforeAll(async () => {
  project = await openProject();
  await project.windlass('sandbox', 'up');
  const { root, home } = project;
  writer = await startWriter(await siteOf({ root, home }, 'production'));
});

afterAll(async () => {
  await writer?.missing().catch(() => undefined);
  await project?.close();
  const widths = [34, 8, 7, 14];
  const text = lines.map((line) =>
    line.map((word, at) => (at ? word.padStart(widths[at] ?? 0) : word.padEnd(34))).join(' '),
  );
  process.stdout.write(`\n${text.join('\n')}\n`);
});

/** Runs a command to its good end while rows are written, and writes its line of the table. */
async function act(what: string, ...args: readonly string[]): Promise<string> {
  writer.lap();
  const begun = Date.now();
  const said = await project.said(...args, '-e', 'production');
  const seconds = (Date.now() - begun) / 1000;
  const { rows, slowestMs } = writer.lap();
  lines.push([what, seconds.toFixed(1), String(rows), `${slowestMs} ms`]);
  expect(said).not.toContain('waits for a lock');
  expect(rows, `${what}: nobody could write`).toBeGreaterThan(0);
  return said;
}

it('is deployed while the first users already write', async () => {
  expect(await act('first deploy', 'deploy')).toContain('✔ deploy of');
});

it.each([...tenUpdates.entries()])('goes through update %i', async (n, { what, back }) => {
  await prepare(project, n);
  expect(await act(`update: ${what}`, 'deploy')).toContain('✔ deploy of');
  if (back) expect(await act(`rollback of that`, 'rollback')).toContain('✔ production is back on');
});

it('is recovered elsewhere by a drill', async () => {
  expect(await act('recovery drill', 'drill')).toContain('proven');
});

it('has every row that the database acknowledged', async () => {
  expect(writer.committed()).toBeGreaterThan(1000);
  expect(await writer.missing()).toEqual({
    ...{ 'habits.habits': [], 'journal.entries': [] },
    ...{ 'meals.meals': [], 'movements.movements': [] },
  });
});
