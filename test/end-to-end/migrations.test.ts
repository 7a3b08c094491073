import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { sql } from './losses.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

const add = { kind: 'expand', up: 'add column steps int', down: 'drop column steps' };
const drop = { kind: 'contract', up: 'drop column metres', down: 'add column metres int' };

beforeAll(async () => {
  rig = await openDeployedRig();
});

afterAll(async () => {
  await rig.close();
});

const about = (...args: string[]) => rig.windlass(...args, '-e', 'production');

/** Asks for what must be refused before anything is touched. */
async function refuses(code: string, ...args: string[]): Promise<string> {
  const before = await rig.fingerprint();
  const ended = await about(...args);
  expect(ended.exitCode, ended.all).toBe(3);
  expect(ended.all).toContain(code);
  expect((await rig.fingerprint()).lines).toEqual(before.lines);
  return ended.all;
}

describe('a migration', () => {
  it('is refused where the history has two heads', async () => {
    await revision('0004', '0003', add);
    await revision('0005', '0003', drop);
    expect(await refuses('MIGRATION_HEADS', 'deploy')).toMatch(/movements_0004.*movements_0005/s);
  });

  it('is refused where it takes away what an earlier one of the same release replaces', async () => {
    await revision('0005', '0004', drop);
    const said = await refuses('CONTRACT_TOO_EARLY', 'deploy');
    expect(said).toMatch(/0005\.py.*right after movements_0004/s);
  });

  it('that takes something away goes through only when it is accepted by name', async () => {
    await rm(fileOf('0005'));
    await revision('0004', '0003', drop);
    await refuses('--accept migration:movements_0004', 'deploy');
    const ended = await about('deploy', '--accept', 'migration:movements_0004');
    expect(ended.exitCode, ended.all).toBe(0);
  });

  it('that took something away keeps an older image from coming back', async () => {
    const [first] = await readLedger(await rig.site());
    const said = await refuses('SCHEMA_PAST_TARGET', 'rollback');
    expect(said).toMatch(/movements movements_0004: .*metres/);
    await refuses('SCHEMA_AHEAD', 'deploy', '--release', first?.release?.id ?? '');
  });

  it('that nobody knows stands in the database: refused', async () => {
    await mark('movements_9999');
    expect(await refuses('SCHEMA_AHEAD', 'deploy')).toContain('movements_9999');
    await mark('movements_0004');
  });

  it('stays, and is named, where a rollback accepts it: the code alone goes back', async () => {
    const ended = await about('rollback', '--accept', 'migration:movements_0004');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain('kept: schema movements at movements_0004');
  });
});

interface Change {
  readonly kind: string;
  readonly up: string;
  readonly down: string;
}

async function revision(number: string, after: string, { kind, up, down }: Change): Promise<void> {
  const alter = (what: string): string => `op.execute("alter table movements.movements ${what}")`;
  const text = `"""A change."""

from alembic import op

revision = "movements_${number}"
down_revision = "movements_${after}"
windlass = "${kind}"


def upgrade() -> None:
    ${alter(up)}


def downgrade() -> None:
    ${alter(down)}
`;
  await writeFile(fileOf(number), text);
}

function fileOf(number: string): string {
  const folder = join(rig.root, 'examples', 'wellness', 'movements', 'migrations', 'versions');
  return join(folder, `${number}.py`);
}

async function mark(revision: string): Promise<void> {
  const query = `set role movements_owner; update movements.alembic_version set version_num = '${revision}'`;
  await sql(await rig.site(), query);
}
