import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { CommandLine } from './mount-namespace.ts';
import { held } from '../../src/held.ts';

const GRACE_MS = 10_000; // Cloud Run's time between SIGTERM and SIGKILL

/** One line that a process wrote. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface ProcessStart {
  readonly command: CommandLine;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly onLine: (line: OutputLine) => void;
}

/** A running process with a group of its own; `exited` resolves with the words for its end. */
export interface RunningProcess {
  readonly pid: number;
  readonly exited: Promise<string>;
  /** SIGTERM to the group, SIGKILL after ten seconds; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a process in its own group; rejects where the program cannot be started. */
export async function runProcess(start: ProcessStart): Promise<RunningProcess> {
  const [file = '', ...args] = start.command;
  const child = spawn(file, args, {
    cwd: start.cwd,
    env: start.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = held(ending(child));
  await once(child, 'spawn');
  forward(child.stdout, 'stdout', start.onLine);
  forward(child.stderr, 'stderr', start.onLine);
  const pid = child.pid ?? 0;
  return { pid, exited, stop: () => stopGroup(pid, exited) };
}

/** Sends a signal to a whole process group; false where there is none any more. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

async function stopGroup(pid: number, exited: Promise<string>): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const late = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS);
  await exited;
  clearTimeout(late);
  signalGroup(pid, 'SIGKILL'); // whatever it left behind in its group
}

function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(code === null ? `signal ${signal ?? 'unknown'}` : `exit(${code})`),
    );
  });
}

function forward(
  stream: Readable,
  name: OutputLine['stream'],
  onLine: (line: OutputLine) => void,
): void {
  createInterface({ input: stream }).on('line', (text) => onLine({ stream: name, text }));
}
