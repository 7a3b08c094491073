import type pg from 'pg';
import { openClient } from './connect.ts';
import type { Login } from './connect.ts';

/** A moment of a database that stays as it was while users write. */
export interface Snapshot {
  /** For `pg_dump --snapshot`. */
  readonly id: string;
  /** Reads that moment; one query at a time. */
  readonly client: pg.Client;
}

/** Lends `work` one snapshot, which ends with it. */
export async function onSnapshot<T>(
  login: Login,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const client = await openClient(login);
  try {
    // A service's or the platform's limits must not end it while pg_dump still works.
    await client.query(noLimits);
    // Who holds a table for long is waited for by the next attempt.
    await client.query(`set lock_timeout = '10s'`);
    await client.query('begin isolation level repeatable read read only');
    const { rows } = await client.query<{ id: string }>('select pg_export_snapshot() as id');
    return await work({ id: rows[0]?.id ?? '', client });
  } finally {
    await client.end().catch(() => undefined);
  }
}

// As a query, for `transaction_timeout` came with Postgres 17.
const noLimits = `select set_config(name, '0', false) from pg_settings where name in (
  'statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;
