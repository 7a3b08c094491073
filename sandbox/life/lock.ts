import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, ProcessRecord, processMark } from './process-record.ts';

const STEP_MS = 25;

/** Does work while no other up or down of the same home does; a dead holder does not count. */
export async function inTurn<T>(home: string, work: () => Promise<T>): Promise<T> {
  const file = join(home, 'run', 'turn.lock');
  mkdirSync(join(home, 'run'), { recursive: true });
  while (!take(file)) await sleep(STEP_MS);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  const mark = processMark(process.pid) ?? '';
  const record = { pid: process.pid, mark, startedAt: new Date().toISOString() };
  try {
    writeFileSync(file, JSON.stringify(record), { flag: 'wx' });
    return true;
  } catch {
    if (!isAlive(holder(file))) rmSync(file, { force: true });
    return false;
  }
}

function holder(file: string): ProcessRecord | undefined {
  try {
    return ProcessRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
