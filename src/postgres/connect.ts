import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { assertMayWrite } from '../lease/fence.ts';
import { learnSecret } from '../redaction/known.ts';
import { noSession } from './no-session.ts';
import { tlsFor } from './tls.ts';
import { wireUser } from './wire-user.ts';

/** Who logs in where; the password never leaves the process but in a passfile. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password: string;
  /** The project that a shared pooler is told beside the role; absent = the database's own host. */
  readonly tenant?: string | undefined;
  /** File with the authority that the server's certificate is verified by. */
  readonly ca?: string | undefined;
  /** The role that its sessions act as; absent = itself. */
  readonly actsAs?: string | undefined;
  /** Answers the login as it is now, where it ends by itself; `refused` = a password just refused. */
  readonly renew?: ((refused?: string) => Promise<Pick<Login, 'user' | 'password'>>) | undefined;
}

/** The login with what it is valid by now; a login that stays is as it was. */
export async function currentLogin(login: Login, refused?: string): Promise<Login> {
  return login.renew ? { ...login, ...(await login.renew(refused)) } : login;
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

/**
 * A connection that the caller closes; a loss while it is idle reaches `onLoss`. A login that ends by
 * itself and is refused is asked for anew: another program's call may have replaced it meanwhile.
 */
export async function openClient(
  login: Login,
  onLoss: (error: Error) => void = () => undefined,
): Promise<pg.Client> {
  let now = await currentLogin(login);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect(now, onLoss);
    } catch (error) {
      if (!login.renew || !isRefusal(error) || attempt === mostLogins) throw error;
    }
    // Two programs that replace each other's login must not go on in step.
    if (attempt > 1) await pause(250 + Math.random() * 1500);
    now = await currentLogin(login, now.password);
  }
}

/** Few, for Supabase bans an address that repeats refused passwords. */
const mostLogins = 3;

async function connect(login: Login, onLoss: (error: Error) => void): Promise<pg.Client> {
  assertMayWrite();
  const { host, port, database, password } = login;
  learnSecret(password);
  const client = new pg.Client({
    ...{ host, port, user: wireUser(login), database, password },
    ssl: tlsFor(login).node,
    application_name: 'windlass',
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
  });
  client.on('error', onLoss);
  await client.connect().catch((error: unknown) => {
    throw noSession(login, error) ?? error;
  });
  if (login.actsAs === undefined) return client;
  await client
    .query(`set role ${pg.escapeIdentifier(login.actsAs)}`)
    .catch(async (error: unknown) => {
      await client.end().catch(() => undefined);
      throw error;
    });
  return client;
}

/** Does the server take this login? Rejects where nobody can be asked. */
export async function canLogIn(login: Login): Promise<boolean> {
  try {
    await withClient(login, (client) => client.query('select'));
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Whether the server knows this login and will not have it, however often it is tried. */
export function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && refusals.has(error.code ?? '');
}

// invalid_authorization_specification, invalid_password, insufficient_privilege (no CONNECT)
const refusals = new Set(['28000', '28P01', '42501']);
