import { rm, writeFile, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { everyRun } from '../../src/stacks/every-run.ts';
import { isAlive } from '../../src/terraform/process-identity.ts';
import { readRecord } from '../../src/terraform/run-record.ts';
import type { Command, Lane } from './lane.ts';
import { childrenOf, processesOf } from './processes.ts';

/** How a point strikes; false where what it meant was not there to be struck. */
type Strike = (lane: Lane, command: Command) => Promise<boolean>;

const stoppedMs = 16_000; // longer than the heartbeat timeout of workflows/activities.ts
const fullMs = 8000;
const waitForTerraformMs = 6000;

/** Everything that a point may do to a run. */
export const strikes = {
  worker: async (lane) => kill([await recorded(lane, 'worker')]),
  terraform: async (lane) => kill([(await livingTerraform(lane))?.terraform?.pid]),
  supervisor: async (lane) => kill([(await livingTerraform(lane))?.supervisor.pid]),
  'terraform and supervisor': async (lane) => {
    const record = await livingTerraform(lane);
    return kill([record?.supervisor.pid, record?.terraform?.pid]);
  },
  temporal: async (lane) => kill([await recorded(lane, 'temporal')]),
  sandbox: async (lane) => kill([await recorded(lane, 'server')]),
  postgres: async (lane) => kill(await ofSandbox(lane, /\/postgres -D/)),
  postgrest: async (lane) => kill(await ofSandbox(lane, /postgrest/)),
  'command line': async (_lane, { pid }) => kill([pid]),
  everything: async (lane) => kill(processesOf(lane).map(({ pid }) => pid)),
  'stopped worker': async (lane) => stop(await recorded(lane, 'worker')),
  'stopped terraform': async (lane) => stop((await livingTerraform(lane))?.terraform?.pid),
  'stopped sandbox': async (lane) => stop(await recorded(lane, 'server')),
  'stopped temporal': async (lane) => stop(await recorded(lane, 'temporal')),
  'full disk': async (lane) => {
    const release = await fill(lane.root);
    await pause(fullMs);
    await release();
    return true;
  },
  'clock forward': async (lane) => jump(lane, '+7200'),
  'clock back': async (lane) => jump(lane, '-7200'),
} as const satisfies Readonly<Record<string, Strike>>;

export type Kind = keyof typeof strikes;

/** The file by which libfaketime tells a lane's worker and command line another time. */
export const clockFile = (root: string): string => join(root, 'clock');

async function jump({ root }: Lane, offset: string): Promise<boolean> {
  await writeFile(clockFile(root), `${offset}\n`);
  return true;
}

const Recorded = z.object({ pid: z.int() });

async function recorded({ home }: Lane, name: string): Promise<number | undefined> {
  const text = await readFile(join(home, 'run', `${name}.json`), 'utf8').catch(() => '{}');
  return Recorded.safeParse(JSON.parse(text)).data?.pid;
}

async function ofSandbox(lane: Lane, command: RegExp): Promise<readonly number[]> {
  const server = await recorded(lane, 'server');
  if (server === undefined) return [];
  return childrenOf(server).flatMap((one) => (command.test(one.command) ? [one.pid] : []));
}

async function livingTerraform(lane: Lane) {
  for (const began = Date.now(); Date.now() - began < waitForTerraformMs;) {
    const folders = await everyRun(lane);
    for (const record of await Promise.all(folders.map(readRecord)))
      if (record?.terraform && (await isAlive(record.terraform))) return record;
    await pause(20);
  }
  return undefined;
}

async function kill(pids: readonly (number | undefined)[]): Promise<boolean> {
  let hit = false;
  for (const pid of pids) hit = (pid !== undefined && signal(pid, 'SIGKILL')) || hit;
  return hit;
}

async function stop(pid: number | undefined): Promise<boolean> {
  if (pid === undefined || !signal(pid, 'SIGSTOP')) return false;
  await pause(stoppedMs);
  signal(pid, 'SIGCONT');
  return true;
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Takes all the room of a disk; answers how to give it back. */
async function fill(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'filler');
  const handle = await open(file, 'w');
  const chunk = Buffer.alloc(1024 * 1024);
  for (let size = chunk.length; size >= 1; size = Math.floor(size / 4))
    while (
      await handle.write(chunk, 0, size).then(
        ({ bytesWritten }) => bytesWritten === size,
        () => false,
      )
    );
  await handle.close();
  return () => rm(file);
}
