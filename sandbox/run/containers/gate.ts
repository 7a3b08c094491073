import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** What a gate joins: the container's port with ours, and some of our ports with the container. */
export const GateOptions = z.object({
  /** Folder of the sockets through which both sides meet. */
  folder: z.string(),
  port: z.number().int(),
  outbound: z.array(z.number().int()),
});
export type GateOptions = z.infer<typeof GateOptions>;

/** The socket of a folder through which requests come in, or one of our ports is reached. */
export const socketOf = (folder: string, port: number | 'in'): string =>
  join(folder, `${port}.sock`);

/** Joins two connections; where one of them ends or fails, so does the other. */
export function join2(a: Socket, b: Socket): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}

/** A server that joins every connection with another of the given place. */
export function joining(place: () => Socket): Server {
  return createServer((socket) => join2(socket, place()));
}

/**
 * Runs inside the container's network: what the container asks of 127.0.0.1 goes out through the
 * sockets, what comes in goes to the container. An address other than 127.0.0.1 is asked, for in the
 * cloud a service that listens on its loopback alone is not reached either.
 */
async function run({ folder, port, outbound }: GateOptions): Promise<void> {
  for (const one of outbound)
    joining(() => connect(socketOf(folder, one)))
      .on('error', () => undefined)
      .listen(one, '127.0.0.1');
  process.stdout.write('open\n');
  while (!(await listens(port))) await sleep(25);
  joining(() => connect(port, '127.0.0.2')).listen(socketOf(folder, 'in'));
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.2');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

if (import.meta.main) {
  // Our sandbox holds the other end; when it is gone, so are we.
  process.stdin.resume().on('end', () => process.exit(0));
  await run(GateOptions.parse(JSON.parse(process.argv[2] ?? '')));
}
