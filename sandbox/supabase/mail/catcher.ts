import { randomUUID } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../ports.ts';
import { readMessage } from './message.ts';
import { type Account, type Envelope, serveSmtp } from './smtp-session.ts';

/** A mail that somebody would have got. */
export interface CaughtMail {
  readonly id: string;
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
}

/** The sandbox's own mail server: it takes every mail and delivers none. */
export interface MailCatcher {
  readonly port: () => number;
  /** All that it has caught, the newest last. */
  readonly mails: () => readonly CaughtMail[];
  readonly forget: () => void;
  /** From now on only this account may send; undefined: everybody may. */
  readonly admit: (account: Account | undefined) => void;
  readonly open: (wanted?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const most = 1000; // mails that are kept

/** A catcher that is not open yet. */
export function mailCatcher(now: () => Date): MailCatcher {
  const caught: CaughtMail[] = [];
  const sockets = new Set<Socket>();
  let [account, port]: [Account | undefined, number] = [undefined, 0];
  const take = (mail: Envelope): void => {
    const { from, to, message } = mail;
    const at = now().toISOString();
    caught.push({ id: randomUUID(), at, from, to, ...readMessage(message) });
    caught.splice(0, caught.length - most);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveSmtp(socket, { account: () => account, take });
  });
  return {
    port: () => port,
    mails: () => [...caught],
    forget: () => void caught.splice(0),
    admit: (one) => void (account = one),
    open: async (wanted) => {
      port = await freePort(wanted);
      await listening(server, port);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
