import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Place } from '../endpoints.ts';
import { Failure } from '../failure.ts';
import { identify, isAlive } from '../terraform/process-identity.ts';
import { codeDigest } from './code-digest.ts';

const Recorded = z.object({ pid: z.int(), started: z.string(), code: z.string() });

/**
 * Makes sure that a worker of this very code runs in the background. One of older code ends
 * first: its terraform goes on under its supervisor and is adopted. `WINDLASS_WORKER=external`
 * leaves the worker to somebody else.
 */
export async function ensureWorker(place: Place): Promise<void> {
  if (process.env['WINDLASS_WORKER'] === 'external') return;
  const code = await codeDigest(place);
  const running = await recorded(place);
  if (running && (await isAlive(running))) {
    if (running.code === code) return;
    await stopWorker(place);
  }
  await startWorker(place, code);
}

/**
 * Starts another worker where the background one ended without being stopped; true when this call
 * did it: of many that watch, one takes the record of the dead one away.
 */
export async function reviveWorker(place: Place): Promise<boolean> {
  const running = await recorded(place);
  if (running === undefined || (await isAlive(running))) return false;
  const mine = await rm(recordFile(place)).then(
    () => true,
    () => false,
  );
  if (mine) await ensureWorker(place);
  return mine;
}

/** Ends the background worker, if one runs. */
export async function stopWorker(place: Place): Promise<boolean> {
  const running = await recorded(place);
  const alive = running !== undefined && (await isAlive(running));
  if (alive) {
    process.kill(running.pid, 'SIGTERM');
    while (await isAlive(running)) await pause(50);
  }
  await rm(recordFile(place), { force: true });
  return alive;
}

/** The background worker's process id; undefined when none runs. */
export async function workerPid(place: Place): Promise<number | undefined> {
  const running = await recorded(place);
  return running && (await isAlive(running)) ? running.pid : undefined;
}

async function startWorker(place: Place, code: string): Promise<void> {
  await mkdir(join(place.home, 'log'), { recursive: true });
  await mkdir(join(place.home, 'run'), { recursive: true });
  const log = await open(join(place.home, 'log', 'worker.log'), 'a');
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'worker.ts')], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    env: { ...process.env, WINDLASS_HOME: place.home, WINDLASS_ROOT: place.root },
  });
  const ready = Promise.race([
    once(child, 'message').then(() => true),
    once(child, 'exit').then(() => false),
  ]).catch(() => false); // it could not even be started
  // Recorded before it is ready: whoever else looks meanwhile starts no second one.
  const identity = child.pid === undefined ? undefined : await identify(child.pid);
  if (identity) await writeFile(recordFile(place), JSON.stringify({ ...identity, code }));
  await log.close();
  if (!(await ready)) {
    await rm(recordFile(place), { force: true });
    throw workerFailed(place);
  }
  child.disconnect();
  child.unref();
}

async function recorded(place: Place): Promise<z.infer<typeof Recorded> | undefined> {
  const text = await readFile(recordFile(place), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Recorded.parse(JSON.parse(text));
}

function recordFile({ home }: Place): string {
  return join(home, 'run', 'worker.json');
}

function workerFailed({ home }: Place): Failure {
  return new Failure({
    code: 'WORKER_FAILED',
    what: 'The worker did not start',
    why: `it ended before it was ready; its last lines are in ${home}/log/worker.log`,
    fix: 'Read that log; `make sandbox-down sandbox-up` gives a fresh start.',
  });
}
