import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** One background process of a sandbox; `mark` tells it from a later process with its number. */
export const ProcessRecord = z.looseObject({
  pid: z.number().int().positive(),
  mark: z.string(),
  startedAt: z.string(),
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;

/** The record of `<home>/run/<name>.json`; undefined where there is none or it is broken. */
export function readRecord(home: string, name: string): ProcessRecord | undefined {
  try {
    const text = readFileSync(recordFile(home, name), 'utf8');
    return ProcessRecord.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Writes `<home>/run/<name>.json`, whole or not at all. */
export function writeRecord(home: string, name: string, pid: number, extra: object = {}): void {
  const file = recordFile(home, name);
  mkdirSync(join(home, 'run'), { recursive: true });
  const mark = processMark(pid) ?? 'gone';
  const record = { pid, mark, startedAt: new Date().toISOString(), ...extra };
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
}

/** Forgets a process. */
export function removeRecord(home: string, name: string): void {
  rmSync(recordFile(home, name), { force: true });
}

/** Whether the recorded process still runs, and is the one that was recorded. */
export function isAlive(record: ProcessRecord | undefined): boolean {
  return record !== undefined && processMark(record.pid) === record.mark;
}

/** When a process started, as the system tells it; undefined where it does not run. */
export function processMark(pid: number): string | undefined {
  try {
    return process.platform === 'linux' ? linuxMark(pid) : psMark(pid);
  } catch {
    return undefined;
  }
}

// proc(5): the name in parentheses may hold anything; after it, field 3 is the state and field 22
// the start time in ticks since boot.
function linuxMark(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function psMark(pid: number): string | undefined {
  const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return started.trim() === '' ? undefined : started.trim();
}

function recordFile(home: string, name: string): string {
  return join(home, 'run', `${name}.json`);
}
