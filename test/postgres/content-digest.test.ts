import { Client } from 'pg';
import { expect, it } from 'vitest';
import { readContent } from '../../src/postgres/content-digest.ts';
import { freshDatabase } from '../setup/database.ts';

const tables = `
  create schema s; create type s.mood as enum ('sad', 'größe');
  create table s."userNotes" (id int, "userNote" text, doc json, feeling s.mood, at timestamptz);
  insert into s."userNotes" values (1, '', '{"a":1}', 'größe', '2026-01-01 00:00+02'),
    (2, null, null, 'sad', 'infinity'), (3, 'x', '[]', null, null);
  create table s.nothing ();
  create table s.parts (id int) partition by range (id);
  create table s.parts_1 partition of s.parts for values from (0) to (9);
  insert into s.parts values (1), (2)`;

async function inDatabase(work: (client: Client) => Promise<void>): Promise<void> {
  await using database = await freshDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(tables);
    await work(client);
  } finally {
    await client.end();
  }
}

const read = (client: Client) => readContent(client, { schemas: ['s'] });

it('is the same in whatever order the rows lie and whatever the session says', async () => {
  await inDatabase(async (client) => {
    const before = await read(client);
    await client.query(`create table s.other as table s."userNotes"; truncate s."userNotes";
      insert into s."userNotes" select * from s.other order by id desc; drop table s.other;
      set datestyle = 'German'; set timezone = 'Asia/Tokyo'; set extra_float_digits = -3`);
    expect(await read(client)).toEqual(before);
    expect(before.map(({ table, rows }) => [table, rows])).toEqual([
      ['s."userNotes"', '3'],
      ['s.nothing', '0'],
      ['s.parts_1', '2'],
    ]);
  });
});

it.each([
  `update s."userNotes" set "userNote" = '' where id = 2`,
  `update s."userNotes" set doc = '{"a": 1}' where id = 1`,
  `update s."userNotes" set feeling = null where id = 2`,
  `delete from s."userNotes" where id = 3`,
  `insert into s."userNotes" (id) values (3)`,
])('tells %s', async (change) => {
  await inDatabase(async (client) => {
    const before = await read(client);
    await client.query(change);
    expect(await read(client)).not.toEqual(before);
  });
});

it('reads only the columns that are named, and leaves out those that are gone', async () => {
  await inDatabase(async (client) => {
    const columns = { 's."userNotes"': ['id', 'userNote'], 's.gone': ['id'] };
    const scope = { schemas: ['s'], columns };
    const before = await readContent(client, scope);
    await client.query(`alter table s."userNotes" add added int default 7`);
    expect(await readContent(client, scope)).toEqual(before);
    await client.query(`alter table s."userNotes" drop "userNote"`);
    expect((await readContent(client, scope))[0]?.columns).toEqual(['id']);
  });
});
