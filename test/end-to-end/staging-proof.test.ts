import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLedger } from '../../src/releases/ledger.ts';
import { addColumn } from './next-release.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
const revision = 'examples/wellness/agent/migrations/versions/0004_remark.py';

beforeAll(async () => {
  rig = await openRig({ few: true });
  await rig.edit('windlass.yaml', 'cost:\n', 'migrations: { proof: staging }\ncost:\n');
});
afterAll(() => rig?.close());

it('asks no proof for the first deploy of an empty environment', async () => {
  expect(await deploy('production')).toMatchObject({ exitCode: 0 });
});

it('refuses a revision that staging has never seen, and touches nothing', async () => {
  await addColumn(rig, { service: 'agent', table: 'suggestions' });
  const before = await rig.fingerprint();
  const refused = await deploy('production');
  expect(refused.exitCode, refused.all).toBe(3);
  expect(refused.all).toContain('MIGRATION_UNPROVEN');
  expect(refused.all).toContain('agent: unproven:agent_0004');
  expect((await rig.fingerprint()).lines).toEqual(before.lines);
});

it('refuses it as well when staging has it with other bytes', async () => {
  expect(await deploy('staging')).toMatchObject({ exitCode: 0 });
  const proven = await readFile(join(rig.root, revision), 'utf8');
  await writeFile(join(rig.root, revision), `${proven}\n# Changed since.\n`);
  const refused = await deploy('production');
  expect(refused.exitCode, refused.all).toBe(3);
  expect(refused.all).toContain('agent: unproven:agent_0004');
  await writeFile(join(rig.root, revision), proven);
});

it('applies what staging has applied and smoke-tested at the same digest', async () => {
  expect(await deploy('production')).toMatchObject({ exitCode: 0 });
  const entry = await newest();
  expect(entry).toMatchObject({ outcome: 'succeeded', revisions: { agent: 'agent_0004' } });
  expect(entry?.accepted).toBeUndefined();
});

it('lets one pass that is accepted by its name, which the ledger keeps', async () => {
  await addColumn(rig, { service: 'habits', table: 'habits' });
  const other = await deploy('production', '--accept', 'unproven:agent_0004');
  expect(other.exitCode, other.all).toBe(3);
  const passed = await deploy('production', '--accept', 'unproven:habits_0004');
  expect(passed.exitCode, passed.all).toBe(0);
  expect(await newest()).toMatchObject({
    revisions: { habits: 'habits_0004' },
    accepted: ['unproven:habits_0004'],
  });
});

const deploy = (name: string, ...args: string[]) => rig.windlass('deploy', '-e', name, ...args);

const newest = async () => (await readLedger(await rig.site('production'))).at(-1);
