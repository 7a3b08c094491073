import type { Socket } from 'node:net';

/** A mail as a client handed it over: the envelope, and the message as it stands. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  readonly message: string;
}

/** Whom the server lets in; without an account everybody may send. */
export interface Account {
  readonly user: string;
  readonly pass: string;
}

/** What a session needs of its server. */
export interface Desk {
  readonly account: () => Account | undefined;
  readonly take: (mail: Envelope) => void;
}

interface State {
  greeted: boolean;
  admitted: boolean;
  from: string | undefined;
  to: string[];
  /** What the next line is, where it is no command. */
  next: ((line: string) => string | undefined) | undefined;
}

const bad = '503 5.5.1 Bad sequence of commands';

/** Serves one connection by RFC 5321 with AUTH PLAIN and LOGIN (RFC 4954), in clear text. */
export function serveSmtp(socket: Socket, desk: Desk): void {
  const state: State = {
    greeted: false,
    admitted: false,
    from: undefined,
    to: [],
    next: undefined,
  };
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.write('220 smtp.sandbox.internal ESMTP\r\n');
  socket.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const said = state.next ? state.next(line) : answer(state, desk, line);
      if (said !== undefined) socket.write(`${said}\r\n`);
      if (said?.startsWith('221')) socket.end();
    }
  });
}

type Verb = (state: State, desk: Desk, line: string) => string;

const ok = '250 2.0.0 OK';
const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['EHLO', (state) => greet(state, '250-smtp.sandbox.internal\r\n250 AUTH PLAIN LOGIN')],
  ['HELO', (state) => greet(state, '250 smtp.sandbox.internal')],
  ['AUTH', (state, desk, line) => authenticate(state, desk, line.split(' ').slice(1))],
  ['MAIL', mailFrom],
  ['RCPT', rcptTo],
  ['DATA', data],
  ['RSET', (state) => reset(state) ?? ok],
  ['NOOP', () => ok],
  ['QUIT', () => '221 2.0.0 Bye'],
]);

function answer(state: State, desk: Desk, line: string): string {
  const verb = verbs.get((line.split(' ')[0] ?? '').toUpperCase());
  return verb?.(state, desk, line) ?? '502 5.5.2 Command not recognized';
}

function greet(state: State, said: string): string {
  state.greeted = true;
  return said;
}

function authenticate(state: State, desk: Desk, [how = '', first]: readonly string[]): string {
  const plain = (text: string): string => {
    const [, user = '', pass = ''] = decoded(text).split('\0');
    return letIn(state, desk, { user, pass });
  };
  if (!state.greeted) return bad;
  if (how.toUpperCase() === 'PLAIN')
    return first === undefined ? ask(state, '', plain) : plain(first);
  if (how.toUpperCase() !== 'LOGIN') return '504 5.5.4 Unrecognized authentication type';
  return ask(state, 'Username:', (user) =>
    ask(state, 'Password:', (pass) =>
      letIn(state, desk, { user: decoded(user), pass: decoded(pass) }),
    ),
  );
}

function ask(state: State, question: string, use: (line: string) => string): string {
  state.next = (line) => {
    state.next = undefined;
    return use(line);
  };
  return `334 ${Buffer.from(question).toString('base64')}`;
}

function letIn(state: State, desk: Desk, { user, pass }: Account): string {
  const account = desk.account();
  const known =
    account === undefined ? user !== '' : user === account.user && pass === account.pass;
  if (!known) return '535 5.7.8 Authentication credentials invalid';
  state.admitted = true;
  return '235 2.7.0 Authentication successful';
}

function mailFrom(state: State, desk: Desk, line: string): string {
  const from = /^MAIL FROM:\s*<([^>]*)>/i.exec(line)?.[1];
  if (!state.greeted || state.from !== undefined) return bad;
  if (desk.account() !== undefined && !state.admitted) return '530 5.7.0 Authentication required';
  if (from === undefined) return '501 5.5.4 Syntax: MAIL FROM:<address>';
  state.from = from;
  return '250 2.1.0 OK';
}

function rcptTo(state: State, _desk: Desk, line: string): string {
  const to = /^RCPT TO:\s*<([^>\s]+@[^>\s]+)>/i.exec(line)?.[1];
  if (state.from === undefined) return bad;
  if (to === undefined) return '501 5.1.3 Syntax: RCPT TO:<address>';
  state.to.push(to);
  return '250 2.1.5 OK';
}

function data(state: State, desk: Desk): string {
  const { from, to } = state;
  if (from === undefined || to.length === 0) return bad;
  const lines: string[] = [];
  state.next = (line) => {
    if (line !== '.') {
      lines.push(line.startsWith('.') ? line.slice(1) : line);
      return undefined;
    }
    desk.take({ from, to: [...to], message: lines.join('\r\n') });
    reset(state);
    return '250 2.0.0 OK';
  };
  return '354 End data with <CR><LF>.<CR><LF>';
}

function reset(state: State): undefined {
  state.from = undefined;
  state.to = [];
  state.next = undefined;
  return undefined;
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString();
}
