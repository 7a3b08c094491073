import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Account, Envelope } from './smtp-session.ts';

/** Where a mail is handed over, and as whom. */
export interface Relay {
  readonly host: string;
  readonly port: number;
  readonly account?: Account | undefined;
}

const PATIENCE_MS = 10_000;

/** Hands a mail over by SMTP; an error says what the server answered. */
export async function sendBySmtp(relay: Relay, { from, to, message }: Envelope): Promise<void> {
  const socket = connect(relay.port, relay.host);
  socket.on('error', () => undefined); // whoever waits for a line is told by its end
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('the mail server is silent')));
  try {
    await once(socket, 'connect');
    const { account } = relay;
    const talk = talker(socket);
    await talk(undefined, '220');
    await talk('EHLO auth.sandbox.internal', '250');
    if (account) await talk(`AUTH PLAIN ${token(account)}`, '235');
    await talk(`MAIL FROM:<${from}>`, '250');
    for (const one of to) await talk(`RCPT TO:<${one}>`, '250');
    await talk('DATA', '354');
    await talk(`${message.replaceAll(/^\./gm, '..')}\r\n.`, '250');
    await talk('QUIT', '221');
  } finally {
    socket.destroy();
  }
}

/** Says a line and waits for the answer, whose last line has a space after its code. */
function talker(socket: Socket): (line: string | undefined, code: string) => Promise<void> {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return async (line, code) => {
    if (line !== undefined) socket.write(`${line}\r\n`);
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error('the mail server ended the connection');
      if (value.charAt(3) === '-') continue;
      if (value.startsWith(code)) return;
      throw new Error(`the mail server answered ${value}`);
    }
  };
}

function token({ user, pass }: Account): string {
  return Buffer.from(`\0${user}\0${pass}`).toString('base64');
}
