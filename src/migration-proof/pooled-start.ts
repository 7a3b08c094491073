import pg from 'pg';
import { startParameters } from './wire.ts';
import type { Message } from './wire.ts';

/** What a pooler is told at the start of a session, and what must then be set by a statement. */
export interface PooledStart {
  readonly bytes: Buffer;
  /** The statement's message; undefined where nothing is to be set. */
  readonly settings: Buffer | undefined;
}

const PROTOCOL_3_0 = 196_608;

/**
 * Says `ROLE.PROJECT` for the role, and takes the `options` out, as poolers drop them: time-outs,
 * role and step of a migration would be lost without a word.
 */
export function pooledStart(message: Message, tenant: string): PooledStart {
  const { options = '', user = '', ...rest } = startParameters(message);
  const parameters = Object.entries({ user: `${user}.${tenant}`, ...rest });
  const words = parameters.flatMap(([name, value]) => [`${name}\0`, `${value}\0`]);
  const body = Buffer.from(`${words.join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(PROTOCOL_3_0, 4);
  return { bytes: Buffer.concat([head, body]), settings: settingsOf(options) };
}

/** The settings of a start message's `options`, split as pg_split_opts does. */
export function optionsOf(options: string): readonly (readonly [string, string])[] {
  const words = options.match(/(?:\\.|\S)+/gs) ?? [];
  const plain = words.map((word) => word.replaceAll(/\\(.)/gs, '$1'));
  return plain.flatMap((word, at) => {
    const pair = word === '-c' ? plain[at + 1] : /^(?:-c|--)(.+)$/s.exec(word)?.[1];
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair ?? '') ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}

function settingsOf(options: string): Buffer | undefined {
  const calls = optionsOf(options).map(
    ([name, value]) => `set_config(${pg.escapeLiteral(name)}, ${pg.escapeLiteral(value)}, false)`,
  );
  if (calls.length === 0) return undefined;
  const text = Buffer.from(`select ${calls.join(', ')}\0`);
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeInt32BE(4 + text.length, 1);
  return Buffer.concat([head, text]);
}
