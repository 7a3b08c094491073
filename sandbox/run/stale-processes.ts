import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { World } from '../world.ts';
import { signalGroup } from './run-process.ts';

// `started` is field 22 of /proc/<pid>/stat: with it a pid is never mistaken for a later one.
const Started = z.object({ pid: z.number().int(), started: z.string() });

/** Remembers a child, so that a later server can end it should this one die without doing so. */
export function rememberProcess(world: World, pid: number): void {
  const started = startTime(pid);
  if (started !== undefined) kept(world).set(String(pid), { pid, started });
}

/** Forgets a child that has ended. */
export function forgetProcess(world: World, pid: number): void {
  kept(world).delete(String(pid));
}

/** Ends the children of a server that died without ending them; answers how many there were. */
export function endStaleProcesses(world: World): number {
  let ended = 0;
  for (const [key, { pid, started }] of kept(world).list()) {
    if (startTime(pid) === started && signalGroup(pid, 'SIGKILL')) ended += 1;
    kept(world).delete(key);
  }
  return ended;
}

function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const kept = (world: World) => world.collection('run-processes', Started);
