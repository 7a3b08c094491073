import { readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { identify, isAlive, thisMachine } from '../terraform/process-identity.ts';

/** What Temporal knows this worker by: a process that cannot be mistaken for a later one. */
export async function workerIdentity(): Promise<string> {
  const self = await identify(process.pid);
  return `${process.pid}.${self?.started ?? 0}@${await here()}`;
}

/** Whether a worker is a process of this machine that has ended. Nobody is judged from elsewhere. */
export async function isDeadHere(identity: string | null | undefined): Promise<boolean> {
  const [, pid, since, where] = /^(\d+)(?:\.(\d+))?@(.+)$/.exec(identity ?? '') ?? [];
  if (pid === undefined) return false;
  // An older Windlass gave Temporal's own: process and host.
  if (since === undefined) return where === hostname() && !(await identify(Number(pid)));
  return where === (await here()) && !(await isAlive({ pid: Number(pid), started: since }));
}

/** This machine since its boot, and the process numbers that count here: a container has its own. */
async function here(): Promise<string> {
  const { host, boot } = await thisMachine();
  const numbers = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${host}/${boot.slice(0, 8)}/${numbers.replaceAll(/\D/g, '')}`;
}
