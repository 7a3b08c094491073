import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { freePort } from '../ports.ts';
import { recordOf, type Room } from '../room.ts';
import { fromDirectDoor } from '../postgres/access-rules.ts';
import { isAllowed } from './allowed.ts';
import { isReachable } from './direct-host.ts';

/** A TCP door on 127.0.0.1. */
export interface DatabaseDoor {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The door to the project's own Postgres. Whom the network restrictions keep out sees a reset before
 * any word of Postgres, and so does everybody while the host cannot be reached over IPv4.
 */
export async function openDirectDoor(room: Room, ref: string): Promise<DatabaseDoor> {
  return openDatabaseDoor(recordOf(room, ref).ports.direct, (client) => {
    const record = room.projects.get(ref);
    const port = room.lives.get(ref)?.cluster.port;
    const welcome =
      record && isReachable(room, record) && isAllowed(record, client.remoteAddress ?? '');
    if (!welcome || port === undefined) return void client.resetAndDestroy();
    const database = connect({ host: '127.0.0.1', port, localAddress: fromDirectDoor });
    join(client, database);
    client.pipe(database).pipe(client);
  });
}

/** Serves the wanted port where it is free, else another one. */
export async function openDatabaseDoor(
  wanted: number | undefined,
  serve: (client: Socket) => void,
): Promise<DatabaseDoor> {
  const port = await freePort(wanted);
  const clients = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.once('close', () => clients.delete(client));
    serve(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of clients) client.destroy();
      await closed;
    },
  };
}

/** Where one side has ended the other ends as well. */
export function join(client: NodeJS.EventEmitter & Ending, database: Socket): void {
  database.setNoDelay(true);
  database.on('error', () => client.destroy());
  database.once('close', () => client.end());
  client.once('close', () => database.destroy());
}

interface Ending {
  destroy(): unknown;
  end(): unknown;
}
