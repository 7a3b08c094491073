import { readFile } from 'node:fs/promises';
import { descends, living, recorded } from './processes.ts';

/** Memory of a sandbox's processes in MiB, shared pages divided among those that share them (PSS). */
export async function memoryOf(home: string): Promise<Readonly<Record<string, number>>> {
  const all = await living();
  const sums: Record<string, number> = {};
  for (const [name, root] of await recorded(home)) {
    const pids = [...all.keys()].filter((pid) => descends(pid, root, all));
    const shares = await Promise.all(pids.map(pssMib));
    sums[name] = Math.round(shares.reduce((sum, one) => sum + one, 0));
  }
  return sums;
}

async function pssMib(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
}
