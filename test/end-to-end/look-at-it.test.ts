import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openDeployedRig } from './deployed-rig.ts';
import { lookedAt } from './lane.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true, env: { TEMPORAL_NAMESPACE: lookedAt } });
});

afterAll(async () => {
  await rig.close();
});

/** What a command answers that must end well. */
async function answered(...args: readonly string[]): Promise<string> {
  const ended = await rig.windlass(...args, '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(0);
  return ended.stdout;
}

const Runs = z.array(z.looseObject({ kind: z.string(), release: z.string(), seconds: z.number() }));

it('history lists the deploy, and a plan that is in no ledger, one line each', async () => {
  await answered('plan');
  const runs = Runs.parse(JSON.parse(await answered('history', '--json', '--limit', '1000')));
  expect(runs[0]?.kind).toBe('plan');
  expect(runs.filter((run) => run['entry'] === 1)).toMatchObject([
    { kind: 'deploy', outcome: 'succeeded' },
  ]);
  const lines = (await answered('history', '--limit', '2')).split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
});

it('diff finds the release in force equal to the tree that it was made from', async () => {
  expect(JSON.parse(await answered('diff', 'current', 'tree', '--json'))).toMatchObject({
    differences: [],
  });
});

it('logs shows a service’s lines, and what a step of the newest deploy said', async () => {
  await answered('deploy');
  const [line = ''] = (await answered('logs', 'habits', '--json', '--limit', '1')).split('\n');
  expect(JSON.parse(line)).toMatchObject({ service: 'habits', text: expect.any(String) });
  expect(await answered('logs', 'plan')).toMatch(/^plan: Plan the release, done, at /);
});

it('open prints one address and ends where nobody looks', async () => {
  expect(await answered('open')).toMatch(
    /^\(no UI known\) workflow environment\/production, run \S+$/,
  );
  expect(await answered('open', 'supabase')).toMatch(/^http:\S+$/);
  const console = await rig.windlass('open', 'console', '-e', 'production');
  expect(console.exitCode, console.all).toBe(3);
});
