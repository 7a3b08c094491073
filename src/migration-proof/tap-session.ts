import type { Socket } from 'node:net';
import { held } from '../held.ts';
import type { Login } from '../postgres/connect.ts';
import type { Listener } from './tap.ts';
import { openUpstream } from './upstream.ts';
import { pooledStart } from './pooled-start.ts';
import { messages, startCode, startParameters, texts, wishes, withoutBinding } from './wire.ts';
import type { Message } from './wire.ts';

/** What was sent and is not yet answered. */
interface Running {
  readonly texts: string[];
  readonly started: number;
  readonly tags: string[];
  failed: boolean;
  /** Its end was sent: the answer will come. */
  ended: boolean;
  readonly done: () => void;
}

/** What both directions of one session know. */
interface Session {
  readonly listener: Listener;
  readonly client: Socket;
  /** Texts of prepared statements and of portals. */
  readonly known: Map<string, string>;
  step: string | undefined;
  /** Kept when the listener is ready for the first statement: a client's login waits for nothing. */
  begun: Promise<void>;
  pid: number;
  /** A transaction is open. */
  open: boolean;
  running: Running | undefined;
  /** A statement to be done before the client is told that it may begin; its answer is ours. */
  settings: Buffer | undefined;
  /** That statement was sent. */
  setting: boolean;
  /** Kept when nothing runs. */
  idle: Promise<void>;
}

/** Carries one session between the client and the database, and tells the listener of it. */
export async function tapSession(client: Socket, login: Login, listener: Listener): Promise<void> {
  const session: Session = {
    ...{ listener, client, known: new Map(), step: undefined, pid: 0, open: false },
    ...{ settings: undefined, setting: false },
    ...{ running: undefined, idle: Promise.resolve(), begun: Promise.resolve() },
  };
  client.setNoDelay(true);
  client.on('error', () => undefined);
  let upstream: Socket | undefined;
  try {
    const read = messages();
    for await (const chunk of client) {
      read.add(chunk);
      if (!upstream) {
        upstream = await start(session, read, login);
        if (!upstream) continue;
        deliver(session, upstream).catch(() => client.destroy());
      }
      await forward(session, upstream, read);
    }
  } catch {
    // The client sees its session end; what the listener could not do, it has kept.
  } finally {
    session.running?.done();
    upstream?.destroy();
    client.destroy();
  }
}

/** Answers wishes for encryption with no; opens the way to the database at the start message. */
async function start(
  session: Session,
  read: ReturnType<typeof messages>,
  login: Login,
): Promise<Socket | undefined> {
  for (let message = read.next(false); message; message = read.next(false)) {
    const code = startCode(message);
    if (code === wishes.tls || code === wishes.gss) {
      session.client.write('N');
      continue;
    }
    if (code !== wishes.cancel) {
      const options = startParameters(message)['options'] ?? '';
      session.step = stepOf(options);
      session.begun = held(session.listener.begins(session.step, lockTimeoutOf(options)));
    }
    const upstream = await openUpstream(login);
    const pooled = login.tenant === undefined ? undefined : pooledStart(message, login.tenant);
    session.settings = pooled?.settings;
    upstream.write(pooled?.bytes ?? message.bytes);
    return upstream;
  }
  return undefined;
}

// https://www.postgresql.org/docs/17/protocol-message-formats.html: PasswordMessage and its SASL kin
const passwordMessage = 'p';

function stepOf(options: string): string | undefined {
  return /windlass\.step=(\S+)/.exec(options)?.[1];
}

/** In seconds, as the migrations program says it. */
function lockTimeoutOf(options: string): number | undefined {
  const said = /lock_timeout=(\d+)s/.exec(options)?.[1];
  return said === undefined ? undefined : Number(said);
}

/** Client to database: a batch is held until the one before has been answered and looked at. */
async function forward(
  session: Session,
  upstream: Socket,
  read: ReturnType<typeof messages>,
): Promise<void> {
  for (let message = read.next(true); message; message = read.next(true)) {
    const { type, bytes } = message;
    if (type !== passwordMessage) await session.begun;
    if (type === 'P') prepare(session, message);
    if (type === 'B') bind(session, message);
    if (type === 'Q') await begin(session, texts(message, 5)[0] ?? '', true);
    if (type === 'E')
      await begin(session, session.known.get(`portal ${texts(message, 5)[0] ?? ''}`) ?? '', false);
    if (type === 'S' && session.running) session.running.ended = true;
    upstream.write(bytes);
  }
}

function prepare({ known }: Session, message: Message): void {
  const [name = '', text = ''] = texts(message, 5);
  known.set(`statement ${name}`, text);
}

function bind({ known }: Session, message: Message): void {
  const [portal = '', name = ''] = texts(message, 5);
  known.set(`portal ${portal}`, known.get(`statement ${name}`) ?? '');
}

/** A statement is about to be forwarded: one of its own, or one more of an unfinished batch. */
async function begin(session: Session, text: string, ended: boolean): Promise<void> {
  const { listener, step, pid, running } = session;
  if (running && !running.ended) {
    running.texts.push(text);
    await listener.before({ step, pid, text });
    return;
  }
  await session.idle;
  await listener.before({ step, pid, text });
  const { promise, resolve } = Promise.withResolvers<void>();
  const fresh = { texts: [text], started: performance.now(), tags: [], failed: false };
  session.running = { ...fresh, ended, done: resolve };
  session.idle = promise;
}

/** Database to client: that it is ready again is said once the listener has looked. */
async function deliver(session: Session, upstream: Socket): Promise<void> {
  const read = messages();
  upstream.on('error', () => undefined);
  try {
    for await (const chunk of upstream) {
      read.add(chunk);
      for (let message = read.next(true); message; message = read.next(true)) {
        if (isOurs(session, upstream, message)) continue;
        await hear(session, message);
        session.client.write(withoutBinding(message));
      }
    }
  } catch {
    // As above.
  } finally {
    session.running?.done();
    session.client.destroy();
  }
}

/** Whether a message is about the settings, of which the client hears nothing but an error. */
function isOurs(session: Session, upstream: Socket, { type }: Message): boolean {
  if (session.settings && type === 'Z') {
    upstream.write(session.settings);
    session.settings = undefined;
    session.setting = true;
    return true;
  }
  if (type === 'Z') session.setting = false;
  return session.setting && answersOfSelect.has(type);
}

const answersOfSelect = new Set(['T', 'D', 'C']);

async function hear(session: Session, message: Message): Promise<void> {
  const { running } = session;
  if (message.type === 'K') session.pid = message.bytes.readInt32BE(5);
  if (message.type === 'C') running?.tags.push(texts(message, 5)[0] ?? '');
  if (message.type === 'E' && running) running.failed = true;
  if (message.type === 'Z') await ready(session, message);
}

async function ready(session: Session, message: Message): Promise<void> {
  const { running, step, pid, open: before, listener } = session;
  session.open = String.fromCodePoint(message.bytes[5] ?? 0) !== 'I';
  if (!running?.ended) return;
  const { tags, failed, started } = running;
  const ms = performance.now() - started;
  const text = running.texts.join(';\n');
  session.running = undefined;
  await listener.after({
    step,
    pid,
    text,
    ms,
    tags,
    failed,
    open: { before, after: session.open },
  });
  running.done();
}
