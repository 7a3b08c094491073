import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programModule } from '../../../src/program-files.ts';
import { type GateOptions, joining, socketOf } from './gate.ts';

/** A container's network joined with this machine's. */
export interface Joined {
  close(): Promise<void>;
}

/** What is joined: the container by a process in it, its port, and the port of ours that leads to it. */
export interface Joining {
  readonly pid: number;
  readonly containerPort: number;
  readonly port: number;
  /** Ports of 127.0.0.1 that the container shall reach. */
  readonly outbound: readonly number[];
}

/**
 * Joins a container's own network with ours through sockets in a private folder. Our port opens once
 * the container listens, so that a probe sees no more than it would in the cloud.
 */
export async function joinNetwork(joined: Joining): Promise<Joined> {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-gate-'));
  const outward = joined.outbound.map((port) =>
    joining(() => connect(port, '127.0.0.1')).listen(socketOf(folder, port)),
  );
  const inward = joining(() => connect(socketOf(folder, 'in')));
  const { containerPort: port, outbound, pid } = joined;
  const gate = startGate(pid, { folder, port, outbound: [...outbound] });
  const lines = createInterface({ input: gate.stdout });
  lines.on('line', (line) => {
    if (line === 'listening') inward.listen(joined.port, '127.0.0.1');
  });
  await Promise.race([once(lines, 'line'), once(gate, 'exit')]);
  return {
    close: async () => {
      gate.stdin.end();
      for (const server of [inward, ...outward]) server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startGate(pid: number, options: GateOptions) {
  const file = programModule('sandbox/run/containers/gate');
  const inside = [`--net=/proc/${pid}/ns/net`, process.execPath, file, JSON.stringify(options)];
  return spawn('nsenter', inside, { stdio: ['pipe', 'pipe', 'ignore'] });
}

/** Every port of this machine that a text names, such as in `http://127.0.0.1:8080/x`. */
export function portsNamed(texts: readonly string[]): readonly number[] {
  const found = texts.flatMap((text) =>
    [...text.matchAll(/(?:127\.0\.0\.1|localhost):(\d{1,5})/g)].map(([, port]) => Number(port)),
  );
  return [...new Set(found)].filter((port) => port > 0 && port < 65_536);
}
