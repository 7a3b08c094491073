import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Place } from '../endpoints.ts';
import { messageOf } from '../causes/known-failure.ts';
import { Failure } from '../failure.ts';
import { held } from '../held.ts';
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
  if (process.env['WINDLASS_WORKER'] === 'external') return false; // the record is of an earlier one
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
  const first = held(
    Promise.race([
      once(child, 'message').then(([message]) => Said.parse(message)),
      once(child, 'exit').then(([code, signal]) => `it ended with ${String(code ?? signal)}`),
    ]),
  );
  // Recorded before it is ready: whoever else looks meanwhile starts no second one.
  const identity = child.pid === undefined ? undefined : await identify(child.pid);
  if (identity) await writeFile(recordFile(place), JSON.stringify({ ...identity, code }));
  await log.close();
  const said = await first.catch((error: unknown) => messageOf(error));
  if (said !== 'ready') {
    await rm(recordFile(place), { force: true });
    throw workerFailed(place, said);
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

/** What a worker says first: that it is ready, or why it will never be. */
const Said = z.union([
  z.literal('ready'),
  z.object({
    crash: z.object({ code: z.string(), what: z.string(), why: z.string(), fix: z.string() }),
  }),
]);

function workerFailed(
  { home }: Place,
  said: Exclude<z.infer<typeof Said>, 'ready'> | string,
): Failure {
  const log = `its last lines are in ${home}/log/worker.log`;
  const crash = typeof said === 'string' ? undefined : said.crash;
  const word = typeof said === 'string' ? said : '';
  return new Failure({
    code: 'WORKER_FAILED',
    what: crash ? `The worker did not start: ${crash.what}` : 'The worker did not start',
    why: crash ? `${crash.why} [${crash.code}]; ${log}` : `${word}; ${log}`,
    fix:
      crash && crash.code !== 'UNEXPECTED'
        ? crash.fix
        : 'Read that log; `make sandbox-down sandbox-up` gives a fresh start.',
  });
}
