import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Memory of a sandbox's processes in MiB, shared pages divided among those that share them (PSS). */
export async function memoryOf(home: string): Promise<Readonly<Record<string, number>>> {
  const parents = await parentsByPid();
  const sums: Record<string, number> = {};
  for (const [name, root] of await recorded(home)) {
    const pids = [...parents.keys()].filter((pid) => descends(pid, root, parents));
    const shares = await Promise.all(pids.map(pssMib));
    sums[name] = Math.round(shares.reduce((sum, one) => sum + one, 0));
  }
  return sums;
}

const Record = z.object({ pid: z.int() });

async function recorded(home: string): Promise<readonly (readonly [string, number])[]> {
  const folder = join(home, 'run');
  const found: (readonly [string, number])[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json'))) {
    const parsed = Record.safeParse(JSON.parse(await readFile(join(folder, file), 'utf8')));
    if (parsed.success) found.push([file.replace('.json', ''), parsed.data.pid]);
  }
  return found;
}

async function parentsByPid(): Promise<ReadonlyMap<number, number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const pairs = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name in parentheses may hold anything; the parent is the second field after it.
      return [Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const;
    }),
  );
  return new Map(pairs);
}

function descends(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === root) return true;
  return false;
}

async function pssMib(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
}
