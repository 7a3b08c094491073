/**
 * The small program that runs Terraform: `node supervisor.ts RUN_DIR GRACE_MS BINARY ARGUMENTS...`.
 * It outlives whoever started it, writes Terraform's output to files and its outcome last.
 * SIGTERM asks Terraform to stop: one SIGINT, however often it is asked, and SIGKILL after GRACE_MS.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { identify, thisMachine } from './process-identity.ts';
import { startPulse } from './pulse.ts';
import { runFiles } from './run-files.ts';
import type { RunOutcome, RunRecord } from './run-record.ts';
import { createWhole, replaceWhole } from './write-whole.ts';
import { held } from '../held.ts';
import { keepToOurselves } from '../own-umask.ts';
import { setTimeout as pause } from 'node:timers/promises';

keepToOurselves();
const [runDir = '', graceMs = '', binary = '', ...argv] = process.argv.slice(2);
const files = runFiles(runDir);
const mostTries = 900; // seconds
let interrupted = false;

async function supervise(): Promise<void> {
  process.on('SIGHUP', () => undefined);
  const record = await recordOfUs();
  // Two workers may start one run at once: the second supervisor leaves it to the first.
  if (!(await createWhole(files.record, record))) return;
  startPulse(runDir);
  const child = spawn(binary, argv, {
    stdio: ['ignore', create(files.stdout), create(files.stderr)],
  });
  const ended = held(exitOf(child));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(child));
  const terraform = child.pid === undefined ? undefined : await identify(child.pid);
  if (terraform) await replaceWhole(files.record, { ...record, terraform });
  const end = await ended;
  const outcome: RunOutcome = { ...end, interrupted, endedAt: new Date().toISOString() };
  await written(outcome);
}

/** On a full disk it waits for room: without its outcome, what Terraform did counts as unknown. */
async function written(outcome: RunOutcome): Promise<void> {
  for (let tries = 1; ; tries += 1)
    try {
      return await replaceWhole(files.outcome, outcome);
    } catch (error) {
      if (tries >= mostTries) throw error;
      await pause(1000);
    }
}

async function recordOfUs(): Promise<RunRecord> {
  return {
    machine: await thisMachine(),
    startedAt: new Date().toISOString(),
    cwd: process.cwd(),
    command: [binary, ...argv],
    supervisor: (await identify(process.pid)) ?? { pid: process.pid, started: '' },
  };
}

function create(file: string): number {
  return openSync(file, 'a', 0o600);
}

function exitOf(child: ChildProcess): Promise<Pick<RunOutcome, 'exitCode' | 'error'>> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: 127, error: error.message }));
    child.once('exit', (code, signal) =>
      resolve({ exitCode: code ?? (signal === 'SIGKILL' ? 137 : 130) }),
    );
  });
}

function stop(child: ChildProcess): void {
  if (interrupted) return;
  interrupted = true;
  child.kill('SIGINT');
  setTimeout(() => child.kill('SIGKILL'), Number(graceMs)).unref();
}

await supervise();
process.exit(0);
