/** One message of Postgres' protocol 3: its type, and all of its bytes as they came. */
export interface Message {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Cuts a stream of bytes into messages: first those without a type, then typed ones. */
export function messages() {
  let rest = Buffer.alloc(0);
  return {
    add(chunk: Buffer): void {
      rest = Buffer.concat([rest, chunk]);
    },
    /** The next whole message; `typed` = it begins with its type, as all do after the start. */
    next(typed: boolean): Message | undefined {
      const head = typed ? 1 : 0;
      if (rest.length < head + 4) return undefined;
      const end = head + rest.readInt32BE(head);
      if (rest.length < end) return undefined;
      const bytes = rest.subarray(0, end);
      rest = rest.subarray(end);
      return { type: typed ? String.fromCodePoint(bytes[0] ?? 0) : 'start', bytes };
    },
  };
}

/** The texts of a message's body, each ended by a zero byte, from the given byte on. */
export function texts({ bytes }: Message, from: number): readonly string[] {
  return bytes.subarray(from).toString('utf8').split('\0');
}

/** What a session says of itself at its start: user, database, options, … */
export function startParameters(message: Message): Readonly<Record<string, string>> {
  const words = texts(message, 8);
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < words.length && words[at] !== ''; at += 2)
    pairs.push([words[at] ?? '', words[at + 1] ?? '']);
  return Object.fromEntries(pairs);
}

/** The code of a message without type: a protocol's version, or a wish. */
export function startCode({ bytes }: Message): number {
  return bytes.readInt32BE(4);
}

export const wishes = { tls: 80_877_103, gss: 80_877_104, cancel: 80_877_102 } as const;

/**
 * The offer of ways to log in, without those that are bound to the server's encryption: the client's
 * own way to the tap has none, and libpq refuses such an offer. Other messages are as they came.
 */
export function withoutBinding(message: Message): Buffer {
  const { type, bytes } = message;
  if (type !== 'R' || bytes.readInt32BE(5) !== saslOffer) return bytes;
  const kept = texts(message, 9).filter((name) => name !== '' && !name.endsWith('-PLUS'));
  const names = Buffer.from(`${kept.map((name) => `${name}\0`).join('')}\0`);
  const head = Buffer.from(bytes.subarray(0, 9));
  head.writeInt32BE(8 + names.length, 1);
  return Buffer.concat([head, names]);
}

const saslOffer = 10; // AuthenticationSASL
