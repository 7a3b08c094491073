import type { Socket } from 'node:net';

/** Tells the process and key of a session (BackendKeyData), as hex, once Postgres has said them. */
export function keysOf(database: Socket, tell: (keys: string) => void): void {
  let rest = Buffer.alloc(0);
  const look = (chunk: Buffer): void => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 1 + rest.readInt32BE(1)) {
      const type = String.fromCodePoint(rest[0] ?? 0);
      const end = 1 + rest.readInt32BE(1);
      if (type === 'K') tell(rest.subarray(5, end).toString('hex'));
      if (type === 'K' || type === 'Z' || type === 'E') return void database.off('data', look);
      rest = rest.subarray(end);
    }
  };
  database.on('data', look);
}
