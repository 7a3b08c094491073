import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../src/failure.ts';
import { isAlive, readRecord, writeRecord } from './process-record.ts';

const STEP_MS = 25;
const LIMIT_MS = 120_000;

/** A program to run in the background of one sandbox. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a program that outlives us; its output goes to `<home>/log/<name>.log`. */
export function startBackground(home: string, program: Program, extra: object = {}): number {
  const { name, command, args, env } = program;
  mkdirSync(join(home, 'log'), { recursive: true });
  const log = openSync(logFile(home, name), 'a', 0o600);
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], env });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  if (child.pid === undefined) throw didNotStart(home, name, `${command} cannot be run`);
  writeRecord(home, name, child.pid, extra);
  return child.pid;
}

/** Waits until `ready` answers something; START_FAILED where the program ends before. */
export async function untilReady<T>(
  home: string,
  name: string,
  ready: () => Promise<T | undefined>,
): Promise<T> {
  for (let waited = 0; waited < LIMIT_MS; waited += STEP_MS) {
    const found = await ready().catch(() => undefined);
    if (found !== undefined) return found;
    if (!isAlive(readRecord(home, name))) throw didNotStart(home, name, 'it ended at once');
    await sleep(STEP_MS);
  }
  throw didNotStart(home, name, `it was not ready after ${LIMIT_MS / 1000} s`);
}

function didNotStart(home: string, name: string, why: string): Failure {
  const log = logFile(home, name);
  return new Failure({
    code: 'START_FAILED',
    what: `The sandbox's ${name} did not start.`,
    why: [`${why}; the end of its log:`, ...lastLines(log)].join('\n'),
    fix: `Read ${log}, then run the command again.`,
    class: 'retry',
  });
}

function lastLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-10);
  } catch {
    return [];
  }
}

function logFile(home: string, name: string): string {
  return join(home, 'log', `${name}.log`);
}
