import { Connection } from '@temporalio/client';
import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { freshDatabase } from './database.ts';

test('the run has one Temporal server that knows our search attributes', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({
    namespace: 'default',
  });
  await connection.close();
  expect(Object.keys(customAttributes ?? {})).toEqual(
    expect.arrayContaining(['Environment', 'Phase', 'Release']),
  );
});

test('each test has a database of its own, which is gone afterwards', async () => {
  const names: string[] = [];
  {
    await using first = await freshDatabase();
    await using second = await freshDatabase();
    names.push(first.name, second.name);
    const client = new Client({ connectionString: first.url });
    await client.connect();
    const { rows } = await client.query('select current_database() as name, version()');
    await client.end();
    expect(rows[0]).toMatchObject({
      name: first.name,
      version: expect.stringMatching(/^PostgreSQL 17/),
    });
  }
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  const { rows } = await client.query('select datname from pg_database');
  await client.end();
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(rows).not.toContainEqual({ datname: name });
});
