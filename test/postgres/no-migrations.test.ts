import { expect, it } from 'vitest';
import { runMigrations } from '../../src/postgres/alembic.ts';

it('a system without migrations has none to read, to judge or to write', async () => {
  for (const verb of ['status', 'review', 'sql'] as const)
    expect(await runMigrations({ verb, folders: {} }, {})).toEqual([]);
});
