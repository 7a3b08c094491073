import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Login } from '../postgres/connect.ts';
import { tapSession } from './tap-session.ts';

/** What a session of the migrations sends: one batch up to the point where it waits for an answer. */
export interface Sent {
  /** The step that its session belongs to; undefined for one that is none of a revision's. */
  readonly step: string | undefined;
  /** The process of its session in the database. */
  readonly pid: number;
  /** The statements, as text; several where they were sent together. */
  readonly text: string;
}

/** How a batch ended. */
export interface Answered extends Sent {
  readonly ms: number;
  /** Such as `UPDATE 3`, one per statement that was done. */
  readonly tags: readonly string[];
  readonly failed: boolean;
  /** Whether a transaction was open before and is open after it. */
  readonly open: { readonly before: boolean; readonly after: boolean };
}

/** Who listens; the session goes on when its promise is kept. */
export interface Listener {
  /**
   * A session begins; it says which step it is for by the setting `windlass.step`, and how many
   * seconds it waits for a lock.
   */
  readonly begins: (step: string | undefined, lockTimeout?: number) => Promise<void>;
  readonly before: (sent: Sent) => Promise<void>;
  readonly after: (answered: Answered) => Promise<void>;
}

export interface Tap {
  /** The same database, by way of the tap. */
  readonly login: Login;
  readonly close: () => Promise<void>;
}

/**
 * A door to the database on 127.0.0.1 that sees each statement before it is forwarded, and each
 * answer before it is delivered, whatever program sends them. It asks for no login of its own: the
 * database does.
 */
export async function openTap(upstream: Login, listener: Listener): Promise<Tap> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    tapSession(socket, upstream, listener).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = addressOf(server.address());
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  // All that the login says but where it leads, and whom to trust there.
  const { ca: _, tenant: _pooled, ...kept } = upstream;
  return { login: { ...kept, host: '127.0.0.1', port }, close };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the tap has no port');
  return address;
}
