import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A process that lives: its parent, and the seconds of CPU that it and its ended children took. */
export interface Living {
  readonly parent: number;
  readonly cpuSeconds: number;
}

/** All processes of this machine by their number. */
export async function living(): Promise<ReadonlyMap<number, Living>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = pids.map(async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name in parentheses may hold anything: state and parent are the fields after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).map(Number); // utime, stime, cutime, cstime: proc(5)
    const cpuSeconds = ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
    return [Number(pid), { parent: Number(fields[1]), cpuSeconds }] as const;
  });
  return new Map(await Promise.all(read));
}

const ticksPerSecond = 100; // USER_HZ of Linux

const Record = z.object({ pid: z.int() });

/** The processes that a sandbox's home has records of, by their names. */
export async function recorded(home: string): Promise<readonly (readonly [string, number])[]> {
  const folder = join(home, 'run');
  const found: (readonly [string, number])[] = [];
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    const parsed = Record.safeParse(JSON.parse(await readFile(join(folder, file), 'utf8')));
    if (parsed.success) found.push([file.replace('.json', ''), parsed.data.pid]);
  }
  return found;
}

/** Whether a process is another one or descends from it. */
export function descends(pid: number, root: number, all: ReadonlyMap<number, Living>): boolean {
  for (let at: number | undefined = pid; at; at = all.get(at)?.parent) if (at === root) return true;
  return false;
}

/**
 * Seconds of CPU, user and system, that a sandbox's processes and the ended children of this one
 * have taken so far: the difference of two is what a command and all that it set in motion took.
 */
export async function cpuSoFar(home: string): Promise<number> {
  const [all, roots] = [await living(), await recorded(home)];
  const children = (await readFile('/proc/self/stat', 'utf8')).split(') ')[1]?.split(' ') ?? [];
  const own = children.slice(13, 15).reduce((sum, one) => sum + Number(one), 0) / ticksPerSecond;
  const ours = [...all].filter(([pid]) => roots.some(([, root]) => descends(pid, root, all)));
  return ours.reduce((sum, [, { cpuSeconds }]) => sum + cpuSeconds, own);
}
