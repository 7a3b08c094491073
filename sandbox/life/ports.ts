import { createServer } from 'node:net';
import { Failure } from '../../src/failure.ts';
import { portHolder } from './port-holder.ts';

/** The asked port, or PORT_IN_USE; else the remembered one where it is free; else a free one. */
export async function choosePort(
  asked: number | undefined,
  remembered: number | undefined,
): Promise<number> {
  if (asked !== undefined && asked !== 0) {
    if (await isFree(asked)) return asked;
    throw portInUse(asked);
  }
  if (remembered !== undefined && (await isFree(remembered))) return remembered;
  return freePort();
}

/** The port of a URL or of `host:port`. */
export function portOf(address: string | undefined): number | undefined {
  const text = /:(\d+)\/?$/.exec(address ?? '')?.[1];
  return text === undefined ? undefined : Number(text);
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('the system has no free port');
  return port;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const bound = address === null || typeof address === 'string' ? undefined : address.port;
      server.close(() => resolve(bound));
    });
  });
}

function portInUse(port: number): Failure {
  const holder = portHolder(port);
  return new Failure({
    code: 'PORT_IN_USE',
    what: `Port ${port} is in use.`,
    why:
      holder === undefined
        ? 'Another process listens there.'
        : `Process ${holder.pid} (${holder.command}) listens there.`,
    fix: 'End that process, or ask for another port (0 = any free one).',
  });
}
