import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Place } from '../endpoints.ts';
import { messageOf } from '../causes/known-failure.ts';
import { Failure } from '../failure.ts';
import { held } from '../held.ts';
import { programModule } from '../program-files.ts';
import { identify, isAlive } from '../terraform/process-identity.ts';
import { codeDigest } from './code-digest.ts';
import { say } from './output/say.ts';
import { unobtainable } from './unobtainable.ts';
import {
  forget,
  olderRecords,
  readRecord,
  setAside,
  takeRecord,
  writeRecord,
} from './worker-record.ts';
import type { WorkerRecord } from './worker-record.ts';

/**
 * Makes sure that a worker of this very code runs in the background. One of older code ends first:
 * its terraform goes on under its supervisor and is adopted, its open runs go on by their own bundles.
 * It stays where a bundle cannot be had. `WINDLASS_WORKER=external` leaves the worker to somebody else.
 */
export async function ensureWorker(place: Place): Promise<void> {
  if (isExternal()) return;
  const code = await codeDigest(place);
  const running = await readRecord(place);
  const alive = running !== undefined && (await isAlive(running));
  if (alive && running.code === code) return endOlder(place);
  if (alive) await replaceWorker(place);
  await startWorker(place, code);
}

/** Makes sure that some worker runs in the background, be it of older code: it is not replaced. */
export async function ensureAnyWorker(place: Place): Promise<void> {
  if (isExternal() || (await workerPid(place)) !== undefined) return;
  await ensureWorker(place);
}

function isExternal(): boolean {
  return process.env['WINDLASS_WORKER'] === 'external';
}

/** Ends the worker of older code, and those before it, unless one of them alone can end a run. */
async function replaceWorker(place: Place): Promise<void> {
  const missing = await unobtainable(place);
  if (missing.length === 0) return void (await stopWorker(place));
  await setAside(place);
  for (const { what, why } of missing)
    say(`the worker of older code keeps running for its open runs: ${what} (${why})`);
}

/** Ends workers that stayed for runs of their own once nothing needs them any more. */
async function endOlder(place: Place): Promise<void> {
  const older = await olderRecords(place);
  if (older.length > 0 && (await unobtainable(place)).length === 0) await end(place, older);
}

/**
 * Starts another worker where the background one ended without being stopped; true when this call
 * did it: of many that watch, one takes the record of the dead one away.
 */
export async function reviveWorker(place: Place): Promise<boolean> {
  if (isExternal()) return false; // the record is of an earlier one
  const running = await readRecord(place);
  if (running === undefined || (await isAlive(running))) return false;
  const mine = await takeRecord(place);
  if (mine) await ensureWorker(place);
  return mine;
}

/** Ends the background worker, and older ones that stayed; true where one ran. */
export async function stopWorker(place: Place): Promise<boolean> {
  const running = await readRecord(place);
  return end(place, [...(running ? [running] : []), ...(await olderRecords(place))]);
}

async function end(place: Place, records: readonly WorkerRecord[]): Promise<boolean> {
  const alive = await Promise.all(records.map((one) => isAlive(one)));
  for (const [at, one] of records.entries()) if (alive[at]) process.kill(one.pid, 'SIGTERM');
  for (const one of records) {
    while (await isAlive(one)) await pause(50);
    await forget(place, one);
  }
  return alive.includes(true);
}

/** The background worker's process id; undefined when none runs. */
export async function workerPid(place: Place): Promise<number | undefined> {
  const running = await readRecord(place);
  return running && (await isAlive(running)) ? running.pid : undefined;
}

async function startWorker(place: Place, code: string): Promise<void> {
  await mkdir(join(place.home, 'log'), { recursive: true });
  const log = await open(join(place.home, 'log', 'worker.log'), 'a');
  const child = spawn(process.execPath, [programModule('src/worker')], {
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
  if (identity) await writeRecord(place, { ...identity, code });
  await log.close();
  const said = await first.catch((error: unknown) => messageOf(error));
  if (typeof said === 'string' || 'crash' in said) {
    await takeRecord(place);
    throw workerFailed(place, said);
  }
  if (identity) await writeRecord(place, { ...identity, code, build: said.ready });
  if (child.connected) child.disconnect(); // it may be dead already
  child.unref();
}

/** What a worker says first: that it is ready, with its build id, or why it will never be. */
const Said = z.union([
  z.object({ ready: z.string() }),
  z.object({
    crash: z.object({ code: z.string(), what: z.string(), why: z.string(), fix: z.string() }),
  }),
]);
type Unready = Extract<z.infer<typeof Said>, { crash: object }> | string;

function workerFailed({ home }: Place, said: Unready): Failure {
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
        : 'Read that log; `make sandbox-down sandbox-up` starts afresh.',
  });
}
