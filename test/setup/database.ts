import { Client } from 'pg';
import { inject } from 'vitest';

let counter = 0;

/** An empty database of one test on the run's shared Postgres; dropped by `await using`. */
export async function freshDatabase() {
  counter += 1;
  const name = `test_${process.pid}_${counter}`;
  await statement(`CREATE DATABASE ${name}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    [Symbol.asyncDispose]: () => statement(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function statement(text: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
