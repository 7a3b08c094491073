import { expect, it } from 'vitest';
import { withClient } from '../../src/postgres/connect.ts';
import { readConnectionLimit } from '../../src/planning/connection-limit.ts';
import { loginOf } from '../postgres/login.ts';
import { freshDatabase } from '../setup/database.ts';

it('the limit is asked of the server, by a role that is no superuser', async () => {
  await using database = await freshDatabase();
  const admin = loginOf(database.url);
  const role = `asks_${process.pid}`;
  const shown = await withClient(admin, async (client) => {
    await client.query(`create role ${role} login password 'p'`);
    const one = async (name: string) =>
      Number(
        (await client.query<{ v: string }>(`select current_setting($1) as v`, [name])).rows[0]?.v,
      );
    return {
      max: await one('max_connections'),
      reserved: (await one('superuser_reserved_connections')) + (await one('reserved_connections')),
    };
  });
  try {
    const limit = await withClient({ ...admin, user: role, password: 'p' }, (client) =>
      readConnectionLimit(async (query) => (await client.query(query)).rows),
    );
    expect(limit).toMatchObject({ ...shown, assumed: false });
    expect(limit.usable).toBe(shown.max - shown.reserved - Math.ceil(shown.max / 5));
  } finally {
    await withClient(admin, (client) => client.query(`drop role ${role}`));
  }
});
