import { setTimeout as pause } from 'node:timers/promises';
import { killIfAlive } from '../terraform/process-identity.ts';
import { readRecord } from '../terraform/run-record.ts';
import { runState } from '../terraform/run-state.ts';
import { stopRun } from '../terraform/stop-run.ts';
import { everyRun } from './every-run.ts';

const stepMs = 100;

/**
 * Asks every terraform of this home to stop, by its one SIGINT, and waits: it writes its state and
 * gives its lock back. One that does not end within `graceMs` is killed. Answers how many ran.
 */
export async function endRuns(home: string, graceMs = 60_000): Promise<number> {
  const folders = await everyRun({ home });
  const states = await Promise.all(folders.map(runState));
  const running = folders.filter((_, index) => states[index] === 'running');
  await Promise.all(running.map((folder) => endRun(folder, graceMs)));
  return running.length;
}

async function endRun(folder: string, graceMs: number): Promise<void> {
  await stopRun(folder);
  for (let waited = 0; waited < graceMs; waited += stepMs) {
    if ((await runState(folder)) !== 'running') return;
    await pause(stepMs);
  }
  const record = await readRecord(folder);
  for (const one of [record?.terraform, record?.supervisor]) await killIfAlive(one);
}
