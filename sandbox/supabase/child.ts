import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { CommandLine } from './run-as.ts';

/** A process that we started and shall end. */
export interface Child {
  readonly pid: number;
  /** Resolves with its exit code, or null after a signal. */
  readonly ended: Promise<number | null>;
  /** Sends the signal, then SIGKILL where it has not ended within 15 s. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

const KILL_AFTER_MS = 15_000;
const everybodys = '/'; // another user may not be able to enter our own working folder

/** Starts a long-lived process whose output goes to a log file. */
export function startChild(
  command: CommandLine,
  log: string,
  env: NodeJS.ProcessEnv,
  cwd = everybodys,
): Child {
  const output = openSync(log, 'a', 0o600);
  const child = spawn(command.file, command.args, {
    stdio: ['ignore', output, output],
    env,
    cwd,
  });
  closeSync(output);
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(-1));
  });
  return { pid: child.pid ?? -1, ended, stop: (signal) => stop(child, ended, signal) };
}

/** Runs a short command to its end; `input` goes to its standard input. */
export async function runCommand(command: CommandLine, input = ''): Promise<string> {
  const child = spawn(command.file, command.args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: everybodys,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  if (code !== 0) throw new Error(`${command.file} ended with ${code}: ${output.slice(-2000)}`);
  return output;
}

async function stop(
  child: ChildProcess,
  ended: Promise<number | null>,
  signal: NodeJS.Signals,
): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  child.kill(signal);
  await ended;
  clearTimeout(timer);
}
