import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { held } from '../../../src/held.ts';
import { joining } from '../containers/gate.ts';
import type { CommandLine } from '../mount-namespace.ts';

/** A way out of an instance's network: to a port of 127.0.0.1, or to a socket of the folder. */
export type WayOut = { readonly port: number; readonly to?: string };

/** The network of one instance. */
export interface OwnNetwork {
  /** The socket that leads to the instance once it listens on its port. */
  readonly socket: string;
  /** Opens the ways and answers what to put before a command that shall run in the network. */
  join(ways: { readonly port: number; readonly outbound: readonly WayOut[] }): Promise<CommandLine>;
  close(): void;
}

interface Opening {
  readonly start: CommandLine;
  readonly mapped: boolean;
  readonly folder: string;
  readonly socket: (name: string) => string;
  readonly name: string;
}

/** Begins a network at once, so that it is there when the rest of a start is known. */
export function openNetwork({ start, mapped, folder, socket, name }: Opening): OwnNetwork {
  const [file = '', ...args] = start;
  const gate = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], env: pathOnly() });
  gate.stdin.on('error', () => undefined); // it has ended: `said` tells
  const output = createInterface({ input: gate.stdout });
  const [ready, open] = [said(output, 'ready'), said(output, 'open')];
  const inbound = `${name}.in`;
  const servers: Server[] = [];
  return {
    socket: socket(inbound),
    async join({ port, outbound }) {
      await ready;
      const ways = outbound.map((way) => [way.port, way.to ?? `${name}.${way.port}`]);
      for (const { port: out, to } of outbound)
        if (to === undefined) servers.push(leadTo(out, socket(`${name}.${out}`)));
      const lines = [folder, port, inbound, ways.length, ...ways.map((way) => way.join(' '))];
      gate.stdin.write(`${lines.join('\n')}\n`);
      await open;
      const own = `/proc/${gate.pid}/ns`;
      const user = mapped ? [`--user=${own}/user`, '--preserve-credentials'] : [];
      return ['nsenter', `--net=${own}/net`, ...user];
    },
    close() {
      gate.stdin.end();
      for (const server of servers) server.close();
      rmSync(join(folder, inbound), { force: true });
    },
  };
}

const leadTo = (port: number, socket: string): Server =>
  joining(() => connect(port, '127.0.0.1')).listen(socket);

const pathOnly = () => ({ PATH: process.env['PATH'] });

/** Waits for a line; rejects where the program ends before. */
function said(lines: Interface, word: string): Promise<void> {
  return held(
    new Promise((resolve, reject) => {
      lines.on('line', (line) => line === word && resolve());
      lines.once('close', () => reject(new Error('no network namespace can be joined here')));
    }),
  );
}
