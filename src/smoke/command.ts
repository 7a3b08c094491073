import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { lastLines } from '../postgres/run.ts';

/** A program that tries something, where, and with what variables. */
export interface Command {
  readonly command: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly seconds: number;
}

/** How it ended, in words where that was not well, and the end of what it said. */
export interface CommandEnd {
  readonly wrong?: string;
  readonly output: string;
}

/**
 * Runs a command to its end, its time's end or the signal's, whichever comes first; whatever it has
 * begun ends with it. It gets the variables that it is given and a path, and nothing else of ours.
 */
export async function runCommand(
  { command, folder, env, seconds }: Command,
  signal: AbortSignal,
): Promise<CommandEnd> {
  const [program = '', ...args] = command;
  const late = AbortSignal.timeout(seconds * 1000);
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: commandPath(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = tailOf([child.stdout, child.stderr]);
  const ending = untilEnded(child);
  const stop = stopperOf(child);
  const ends = AbortSignal.any([signal, late]);
  if (ends.aborted) stop();
  ends.addEventListener('abort', stop);
  const end = await ending.finally(() => ends.removeEventListener('abort', stop));
  signal.throwIfAborted();
  const last = lastLines(output(), 12);
  if (late.aborted) return { output: last, wrong: `it did not end within ${seconds} s` };
  return end === undefined ? { output: last } : { output: last, wrong: end };
}

/** Where commands find programs: as the worker does, and node beside it. */
export function commandPath(): string {
  return [process.env['PATH'] ?? '/usr/bin:/bin', dirname(process.execPath)].join(':');
}

const graceMs = 5000;
const tail = 65_536; // characters that are kept

function tailOf(streams: readonly Readable[]): () => string {
  let kept = '';
  for (const stream of streams)
    stream.setEncoding('utf8').on('data', (text: string) => {
      kept = `${kept}${text}`.slice(-tail);
    });
  return () => kept;
}

/** Waits for the end; undefined where it was well. What it began and did not wait for ends too. */
async function untilEnded(child: ChildProcess): Promise<string | undefined> {
  child.once('exit', () => endGroup(child, 'SIGKILL'));
  try {
    const [code, killedBy]: unknown[] = await once(child, 'close');
    if (code === 0) return undefined;
    return typeof killedBy === 'string'
      ? `it was ended by ${killedBy}`
      : `exit code ${String(code)}`;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing
      ? `there is no program ${child.spawnfile}`
      : `it cannot be run: ${String(error)}`;
  }
}

function stopperOf(child: ChildProcess): () => void {
  return () => {
    endGroup(child, 'SIGTERM');
    setTimeout(() => endGroup(child, 'SIGKILL'), graceMs).unref();
  };
}

/** Sends a signal to a process and all that it began; one that is gone is well. */
function endGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended.
  }
}
