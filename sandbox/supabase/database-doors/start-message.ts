import { once } from 'node:events';
import type { Duplex } from 'node:stream';

/** What a session may ask before it begins (Postgres, "Message Formats"). */
export const wishes = { tls: 80_877_103, gss: 80_877_104, cancel: 80_877_102 } as const;

/** Postgres takes no longer one: MAX_STARTUP_PACKET_LENGTH. */
const LONGEST = 10_000;
const PROTOCOL_3_0 = 196_608;

/** The next message without a type: its code and what follows; undefined where none comes. */
export async function readStart(
  from: Duplex,
): Promise<{ readonly code: number; readonly body: Buffer } | undefined> {
  const length = (await take(from, 4))?.readInt32BE(0) ?? 0;
  if (length < 8 || length > LONGEST) return undefined;
  const rest = await take(from, length - 4);
  return rest && { code: rest.readInt32BE(0), body: rest.subarray(4) };
}

/** The pairs of a start message: user, database, options, … */
export function parametersOf(body: Buffer): ReadonlyMap<string, string> {
  const words = body.toString('utf8').split('\0');
  const pairs = new Map<string, string>();
  for (let at = 0; at + 1 < words.length && words[at] !== ''; at += 2)
    pairs.set(words[at] ?? '', words[at + 1] ?? '');
  return pairs;
}

/** A start message of protocol 3.0. */
export function startMessage(parameters: ReadonlyMap<string, string>): Buffer {
  const words = [...parameters].flatMap(([name, value]) => [`${name}\0`, `${value}\0`]);
  const body = Buffer.from(`${words.join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(PROTOCOL_3_0, 4);
  return Buffer.concat([head, body]);
}

async function take(from: Duplex, bytes: number): Promise<Buffer | undefined> {
  for (;;) {
    const got: unknown = from.read(bytes);
    if (Buffer.isBuffer(got)) return got.length === bytes ? got : undefined;
    if (from.readableEnded || from.destroyed) return undefined;
    const ended = AbortSignal.any([ending(from, 'end'), ending(from, 'close')]);
    await once(from, 'readable', { signal: ended }).catch(() => undefined);
    if (ended.aborted) return undefined;
  }
}

function ending(from: Duplex, event: 'end' | 'close'): AbortSignal {
  const controller = new AbortController();
  from.once(event, () => controller.abort());
  return controller.signal;
}
