import { z } from 'zod';
import { isAlive, thisMachine } from './process-identity.ts';
import type { Machine } from './process-identity.ts';
import type { RunOutcome, RunRecord } from './run-record.ts';

const LockInfo = z.object({
  ID: z.string().default(''),
  Operation: z.string().default(''),
  Who: z.string(),
  Created: z.string(),
  Path: z.string().default(''),
});
/** What Terraform writes into its lock. */
export type LockInfo = z.infer<typeof LockInfo>;

/** A run of this stack that may have left its lock behind. */
export interface PastRun {
  readonly record: RunRecord;
  readonly outcome?: RunOutcome | undefined;
}

export type LockOwner =
  | { readonly state: 'dead'; readonly holder: LockInfo }
  | { readonly state: 'unknown'; readonly holder?: LockInfo; readonly why: string };

// Terraform takes the lock as it starts, or waits for it for at most -lock-timeout (120 s).
const lockTakenWithinMs = 150_000;

/**
 * Whose lock it is. Terraform names user and host only, so the run is found by host and time: one
 * that began just before the lock was made and never gave it back. Dead: its processes are gone.
 */
export async function lockOwner(text: string, runs: readonly PastRun[]): Promise<LockOwner> {
  const holder = LockInfo.safeParse(parseJson(text)).data;
  if (holder === undefined) return { state: 'unknown', why: 'the lock cannot be read' };
  const machine = await thisMachine();
  const unknown = (why: string): LockOwner => ({ state: 'unknown', holder, why });
  if (!holder.Who.endsWith(`@${machine.host}`))
    return unknown(`it was taken on another machine (${holder.Who})`);
  const suspects = runs.filter((run) => mayHold(run, holder, machine)).map((run) => run.record);
  if (suspects.length === 0) return unknown('no unfinished run of ours began just before it');
  for (const record of suspects)
    if (await lives(record, machine)) return unknown(`its run lives (${record.startedAt})`);
  return { state: 'dead', holder };
}

function mayHold({ record, outcome }: PastRun, holder: LockInfo, machine: Machine): boolean {
  const waited = Date.parse(holder.Created) - Date.parse(record.startedAt);
  const gaveItBack = outcome !== undefined && outcome.exitCode !== 137;
  const here = record.machine.host === machine.host;
  return here && !gaveItBack && waited >= 0 && waited <= lockTakenWithinMs;
}

async function lives(record: RunRecord, machine: Machine): Promise<boolean> {
  // After a reboot every process of before is dead, whatever number it had.
  if (record.machine.boot !== machine.boot) return false;
  return (await isAlive(record.supervisor)) || (await isAlive(record.terraform));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
