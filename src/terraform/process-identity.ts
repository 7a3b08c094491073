import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process that cannot be mistaken for a later one with its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot (field 22 of /proc/PID/stat). */
  readonly started: string;
}

/** The machine and its boot: a number and a start time mean something only there. */
export interface Machine {
  readonly host: string;
  readonly boot: string;
}

/** The identity of a living process, or undefined; a zombie counts as dead. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in parentheses may hold anything, so count from the last parenthesis.
  const [state, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const started = rest[18];
  if (state === undefined || state === 'Z' || state === 'X' || started === undefined)
    return undefined;
  return { pid, started };
}

/** Whether exactly that process still lives on this machine. */
export async function isAlive(process: ProcessIdentity | undefined): Promise<boolean> {
  if (process === undefined) return false;
  return (await identify(process.pid))?.started === process.started;
}

/** Kills exactly that process, where it still lives on this machine. */
export async function killIfAlive(one: ProcessIdentity | undefined): Promise<void> {
  if (one && (await isAlive(one))) process.kill(one.pid, 'SIGKILL');
}

/** The machine that we are on. */
export async function thisMachine(): Promise<Machine> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return { host: hostname(), boot: boot.trim() };
}
