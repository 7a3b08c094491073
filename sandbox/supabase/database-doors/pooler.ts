import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { fromPooler } from '../postgres/access-rules.ts';
import type { ProjectRecord } from '../record.ts';
import type { Room } from '../room.ts';
import { authorityName } from '../tls/authority.ts';
import { issue } from '../tls/certificate.ts';
import { isAllowed } from './allowed.ts';
import { type DatabaseDoor, join, openDatabaseDoor } from './direct-door.ts';
import { poolSizeOf } from './pool-size.ts';
import { fatal, refusals } from './refusals.ts';
import { keysOf } from './session-keys.ts';
import { parametersOf, readStart, startMessage, wishes } from './start-message.ts';
import { whoAsks, type Asking } from './who-asks.ts';

/** A message to a user who is not known comes late, as Supavisor's does. */
const LATE_MS = 500;

interface Pool {
  readonly room: Room;
  readonly secure: SecureContext;
  /** Open sessions by project, role and database. */
  readonly sessions: Map<string, number>;
  /** Where a session's cancel request goes, by its process and key. */
  readonly cancels: Map<string, number>;
}

/**
 * The shared pooler in session mode, for every project of the world: its user is `ROLE.REF`. It
 * rewrites that and hands the login on to Postgres, one session for one session, at most as many of
 * a role and a database as the project's pool has.
 */
export async function openPooler(room: Room, wanted: number | undefined): Promise<DatabaseDoor> {
  const pool: Pool = {
    ...{ room, secure: await secureContext(room), sessions: new Map(), cancels: new Map() },
  };
  return openDatabaseDoor(wanted, (client) => {
    serve(pool, client).catch(() => client.destroy());
  });
}

async function secureContext({ folder }: Room): Promise<SecureContext> {
  const signer = await readFile(joinPath(folder, 'authority', 'root.key'), 'utf8');
  const hosts = ['*.pooler.supabase.com', 'localhost', '127.0.0.1'];
  const by = { name: authorityName, key: createPrivateKey(signer) };
  const { certificate, key } = issue({ name: 'pooler.supabase.com', hosts, by });
  return createSecureContext({ cert: certificate, key });
}

async function serve(pool: Pool, socket: Socket): Promise<void> {
  let client: Duplex = socket;
  for (;;) {
    const start = await readStart(client);
    if (!start) return void socket.destroy();
    if (start.code === wishes.cancel) return cancel(pool, socket, start.body);
    if (start.code === wishes.tls && client === socket) client = await encrypted(pool, socket);
    else if (start.code === wishes.tls || start.code === wishes.gss) client.write('N');
    else return begin(pool, { socket, client }, parametersOf(start.body));
  }
}

async function encrypted({ secure }: Pool, socket: Socket): Promise<Duplex> {
  socket.write('S');
  const made = new TLSSocket(socket, { isServer: true, secureContext: secure });
  made.on('error', () => socket.destroy());
  await once(made, 'secure');
  return made;
}

interface Client {
  readonly socket: Socket;
  readonly client: Duplex;
}

async function begin(
  pool: Pool,
  { socket, client }: Client,
  parameters: ReadonlyMap<string, string>,
): Promise<void> {
  const asking = whoAsks(parameters);
  const record = asking.ref === undefined ? undefined : pool.room.projects.get(asking.ref);
  const address = socket.remoteAddress ?? '';
  const refusal = refuse(pool, { asking, record, address, tls: client !== socket });
  if (refusal === undefined && record) return carry(pool, client, { asking, record });
  if (refusal?.startsWith('(ENOTFOUND)')) await delay(LATE_MS);
  client.end(fatal(refusal ?? refusals.noTenant()));
}

function refuse(
  pool: Pool,
  of: {
    readonly asking: Asking;
    readonly record: ProjectRecord | undefined;
    readonly address: string;
    readonly tls: boolean;
  },
): string | undefined {
  const { asking, record, address, tls } = of;
  const { role, ref } = asking;
  if (ref === undefined) return refusals.noTenant();
  if (!record || record.status === 'INACTIVE') return refusals.notFound(role, ref);
  if (record.ssl && !tls) return refusals.tlsRequired(role);
  if (!isAllowed(record, address)) return refusals.address(address);
  const size = poolSizeOf(record);
  if ((pool.sessions.get(placeOf(asking)) ?? 0) >= size) return refusals.full(size);
  return pool.room.lives.has(ref) ? undefined : refusals.away();
}

/** The rest of the session is Postgres' own, its login too. */
function carry(
  { room, sessions, cancels }: Pool,
  client: Duplex,
  { asking, record }: { readonly asking: Asking; readonly record: ProjectRecord },
): void {
  const port = room.lives.get(record.ref)?.cluster.port ?? 0;
  const database = connect({ host: '127.0.0.1', port, localAddress: fromPooler });
  const place = placeOf(asking);
  sessions.set(place, (sessions.get(place) ?? 0) + 1);
  client.once('close', () => sessions.set(place, (sessions.get(place) ?? 1) - 1));
  database.once('error', () => {
    if (database.bytesRead === 0) client.end(fatal(refusals.away()));
  });
  join(client, database);
  keysOf(database, (keys) => {
    cancels.set(keys, port);
    client.once('close', () => cancels.delete(keys));
  });
  database.write(startMessage(asking.parameters));
  client.pipe(database).pipe(client);
}

function cancel({ cancels }: Pool, client: Socket, body: Buffer): void {
  const port = cancels.get(body.toString('hex'));
  if (port === undefined) return void client.destroy();
  const database = connect({ host: '127.0.0.1', port, localAddress: fromPooler });
  join(client, database);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(wishes.cancel, 4);
  database.write(Buffer.concat([head, body]));
}

function placeOf({ ref, role, database }: Asking): string {
  return JSON.stringify([ref, role, database]);
}
