import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, ProcessRecord, processMark } from './process-record.ts';

const STEP_MS = 25;

/**
 * Does work while no other up or down of the same home does; a dead holder does not count. Where
 * there is no room for the lock the error is thrown, or nothing is waited for: `evenFull`.
 */
export async function inTurn<T>(
  home: string,
  work: () => Promise<T>,
  { evenFull = false }: { readonly evenFull?: boolean } = {},
): Promise<T> {
  const file = join(home, 'run', 'turn.lock');
  try {
    mkdirSync(join(home, 'run'), { recursive: true });
    while (!take(file)) await sleep(STEP_MS);
  } catch (error) {
    if (!evenFull) throw error;
  }
  try {
    return await work();
  } finally {
    if (holder(file)?.pid === process.pid) rmSync(file, { force: true });
  }
}

// Written beside it and then linked: whoever looks sees a whole lock or none.
function take(file: string): boolean {
  const mark = processMark(process.pid) ?? '';
  const record = { pid: process.pid, mark, startedAt: new Date().toISOString() };
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify(record));
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (!isThere(error)) throw error;
    if (!isAlive(holder(file))) rmSync(file, { force: true });
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function holder(file: string): ProcessRecord | undefined {
  try {
    return ProcessRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
