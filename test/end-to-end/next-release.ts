import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rig } from './rig.ts';

/** A copy of the project that may be changed. */
type Tree = Pick<Rig, 'root' | 'edit'>;

/**
 * Changes the rig's project so that every step of the next deploy has work: two services' code, a
 * secret (foundation, secrets, a mount), a setting, and a new revision of two schemas.
 */
export async function prepareNextRelease(rig: Tree): Promise<void> {
  for (const service of ['journal', 'meals'])
    await rig.edit(
      `examples/wellness/${service}/main.py`,
      'VERSION = "1.0.0"',
      'VERSION = "2.0.0"',
    );
  await rig.edit(
    'windlass.yaml',
    'source: examples/wellness/journal\n    migrations: true\n    secrets: { database-url: database, supabase: supabase-public }',
    'source: examples/wellness/journal\n    migrations: true\n    secrets: { database-url: database, supabase: supabase-public, diary-key: generated }',
  );
  await rig.edit(
    'windlass.yaml',
    'site_url: https://wellness.example.com',
    'site_url: https://next.wellness.example.com',
  );
  await addColumn(rig, { service: 'agent', table: 'suggestions' });
  await addColumn(rig, { service: 'habits', table: 'habits' });
}

/** Adds a revision to a service of the rig that adds a column to one of its tables. */
export async function addColumn(
  rig: Tree,
  { service, table }: { readonly service: string; readonly table: string },
): Promise<void> {
  const folder = join(rig.root, 'examples', 'wellness', service, 'migrations', 'versions');
  const text = `"""A remark."""

import sqlalchemy as sa
from alembic import op

revision = "${service}_0004"
down_revision = "${service}_0003"
windlass = "expand"


def upgrade() -> None:
    op.add_column("${table}", sa.Column("remark", sa.Text), schema="${service}")


def downgrade() -> None:
    op.drop_column("${table}", "remark", schema="${service}")
`;
  await writeFile(join(folder, '0004_remark.py'), text);
}
