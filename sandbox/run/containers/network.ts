import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programModule } from '../../../src/program-files.ts';
import type { WayOut } from '../networks/own-network.ts';
import { type GateOptions, joining, socketOf } from './gate.ts';

/** A container's network joined with this machine's. */
export interface Joined {
  /** Leads to the container once that listens. */
  readonly socket: string;
  close(): Promise<void>;
}

/** What is joined: the container by a process in it, and its port. */
export interface Joining {
  readonly pid: number;
  readonly containerPort: number;
  /** The path of a named socket among those of the fleet. */
  readonly socket: (name: string) => string;
  /** Ports of 127.0.0.1 that the container shall reach. */
  readonly outbound: readonly WayOut[];
}

/**
 * Joins a container's own network with ours through sockets in a private folder. That to the container
 * opens once it listens, so that a probe sees no more than it would in the cloud.
 */
export async function joinNetwork(joined: Joining): Promise<Joined> {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-gate-'));
  const { containerPort: port, pid, socket } = joined;
  const outward = joined.outbound.map(({ port: out, to }) =>
    joining(() =>
      connect(to === undefined ? { port: out, host: '127.0.0.1' } : { path: socket(to) }),
    ).listen(socketOf(folder, out)),
  );
  const outbound = joined.outbound.map((way) => way.port);
  const gate = startGate(pid, { folder, port, outbound });
  const lines = createInterface({ input: gate.stdout });
  await Promise.race([once(lines, 'line'), once(gate, 'exit')]);
  return {
    socket: socketOf(folder, 'in'),
    close: async () => {
      gate.stdin.end();
      for (const server of outward) server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startGate(pid: number, options: GateOptions) {
  const file = programModule('sandbox/run/containers/gate');
  const inside = [`--net=/proc/${pid}/ns/net`, process.execPath, file, JSON.stringify(options)];
  return spawn('nsenter', inside, { stdio: ['pipe', 'pipe', 'ignore'] });
}
