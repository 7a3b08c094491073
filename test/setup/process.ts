import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A background server of a test: it runs until `stop` has seen it end. */
export interface Background {
  readonly pid: number;
  readonly output: () => string;
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Starts a program in the background and keeps what it says. */
export function background(
  file: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Background {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  child.on('error', (error) => lines.push(error.message));
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  return {
    pid: child.pid ?? -1,
    output: () => lines.join(''),
    stop: (signal) => end(child, signal ?? 'SIGTERM'),
  };
}

/** Waits until `ready` holds; fails with the server's own words when it ends or 30 s have passed. */
export async function untilReady(server: Background, ready: () => Promise<boolean>) {
  const deadline = Date.now() + 30_000;
  while (!(await ready().catch(() => false))) {
    if (server.pid < 0 || !alive(server.pid) || Date.now() > deadline) {
      await server.stop('SIGKILL');
      throw new Error(`the server did not become ready:\n${server.output()}`);
    }
    await sleep(50);
  }
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** An empty folder of one test; the caller removes it. */
export async function temporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `windlass-${name}-`));
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(patience);
}
