import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessRecord, readRecord, removeRecord } from './process-record.ts';

const GRACE_MS = 20_000; // the server itself waits for Postgres and its services
const STEP_MS = 20;

/** Ends a recorded process, but only while it still is the one recorded; true if it ran. */
export async function endRecorded(home: string, name: string): Promise<boolean> {
  const record = readRecord(home, name);
  const ran = record !== undefined && isAlive(record);
  if (ran) await endProcess(record);
  removeRecord(home, name);
  return ran;
}

async function endProcess(record: ProcessRecord): Promise<void> {
  signal(record, 'SIGTERM');
  for (let waited = 0; waited < GRACE_MS; waited += STEP_MS) {
    if (!isAlive(record)) return;
    await sleep(STEP_MS);
  }
  signal(record, 'SIGKILL');
  while (isAlive(record)) await sleep(STEP_MS);
}

function signal(record: ProcessRecord, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (isAlive(record)) process.kill(record.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}
