import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wellness } from '../examples/names.ts';
import { temporaryFolder } from '../setup/process.ts';

/** A revision of a generated history: SQL up and down, and what it says it is. */
export interface Draft {
  readonly up?: string;
  readonly down?: string;
  readonly kind?: string;
  /** Lines of Python in its upgrade, instead of `up`. */
  readonly code?: string;
  /** Lines of its module: `windlass_lock_timeout = "10s"`. */
  readonly says?: string;
  /** Runs its statements one by one outside of a transaction. */
  readonly outside?: true;
  /** The revision below, where it is not the one written before. */
  readonly below?: string;
}

/** A service's folder with the sample's env.py and revisions `r1`, `r2`, …; `write` adds more. */
export async function history(service: string, drafts: readonly Draft[]) {
  const folder = join(await temporaryFolder('history'), service);
  await mkdir(join(folder, 'migrations', 'versions'), { recursive: true });
  const from = join(wellness, service);
  await cp(join(from, 'alembic.ini'), join(folder, 'alembic.ini'));
  await cp(join(from, 'migrations', 'env.py'), join(folder, 'migrations', 'env.py'));
  const write = async (number: number, draft: Draft): Promise<void> => {
    const file = join(folder, 'migrations', 'versions', `${number}.py`);
    await writeFile(file, revision(number, draft));
  };
  for (const [index, draft] of drafts.entries()) await write(index + 1, draft);
  const remove = () => rm(join(folder, '..'), { recursive: true, force: true });
  return { folders: { [service]: folder }, write, remove };
}

function revision(number: number, draft: Draft): string {
  const { up = '', down = '', kind = 'expand', says = '', code, outside, below } = draft;
  const lower = below ?? (number === 1 ? undefined : `r${number - 1}`);
  return `"""A revision of a test."""
from alembic import context, op
from sqlalchemy import text
revision = "r${number}"
down_revision = ${lower === undefined ? 'None' : `"${lower}"`}
windlass = "${kind}"
${says}

def upgrade() -> None:
${code ?? `${outside ? '    with op.get_context().autocommit_block():\n' : ''}${run(up, outside)}`}

def downgrade() -> None:
${down === '' ? '    pass' : run(down)}
`;
}

/** `;` ends a statement, `;;` is one within it. */
function run(sql: string, outside?: true): string {
  const indent = outside ? '        ' : '    ';
  return sql
    .split(/(?<!;);(?!;)/)
    .map((one) => `${indent}op.execute(${JSON.stringify(one.trim().replaceAll(';;', ';'))})`)
    .join('\n');
}
