import pg from 'pg';
import { tlsFor } from './tls.ts';

/** Who logs in where; the password never leaves the process but in a passfile. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password: string;
}

/** Runs `work` with a connection of its own, which is closed afterwards. */
export async function withClient<T>(
  login: Login,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await openClient(login);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A connection that the caller closes; a loss while it is idle reaches `onLoss`. */
export async function openClient(
  login: Login,
  onLoss: (error: Error) => void = () => undefined,
): Promise<pg.Client> {
  const client = new pg.Client({
    ...login,
    ssl: tlsFor(login.host).node,
    application_name: 'windlass',
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
  });
  client.on('error', onLoss);
  await client.connect();
  return client;
}

/** Does the server take this login? Rejects where nobody can be asked. */
export async function canLogIn(login: Login): Promise<boolean> {
  try {
    await withClient(login, (client) => client.query('select'));
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && refusals.has(error.code ?? '')) return false;
    throw error;
  }
}

// invalid_authorization_specification, invalid_password, insufficient_privilege (no CONNECT)
const refusals = new Set(['28000', '28P01', '42501']);
