import { z } from 'zod';
import { isAlive, thisMachine } from './process-identity.ts';
import type { Machine } from './process-identity.ts';
import type { Pulse } from './pulse.ts';
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
  /** Watches whether its supervisor still beats; asked where it ran under another hostname. */
  readonly pulse?: (() => Promise<Pulse>) | undefined;
}

export type LockOwner =
  | { readonly state: 'dead'; readonly holder: LockInfo }
  | { readonly state: 'unknown'; readonly holder?: LockInfo; readonly why: string };

// Terraform takes the lock as it starts, or waits for it for at most -lock-timeout (120 s).
const lockTakenWithinMs = 150_000;

/**
 * Whose lock it is. Terraform names user and host only, so the run is found by host and time among
 * those that this home has recorded, under whatever hostname it ran: one that began just before the
 * lock was made and never gave it back. Dead: its processes are gone.
 */
export async function lockOwner(text: string, runs: readonly PastRun[]): Promise<LockOwner> {
  const holder = holderOf(text);
  if (holder === undefined) return { state: 'unknown', why: 'the lock cannot be read' };
  const machine = await thisMachine();
  const unknown = (why: string): LockOwner => ({ state: 'unknown', holder, why });
  const suspects = runs.filter((run) => mayHold(run, holder));
  if (suspects.length === 0)
    return unknown(
      holder.Who.endsWith(`@${machine.host}`)
        ? 'no unfinished run of ours began just before it'
        : `it was taken on another machine (${holder.Who})`,
    );
  for (const run of suspects) {
    const life = await signOfLife(run, machine);
    if (life !== undefined) return unknown(life);
  }
  return { state: 'dead', holder };
}

/** What a lock says of its holder; undefined where it cannot be read. */
export function holderOf(text: string): LockInfo | undefined {
  return LockInfo.safeParse(parseJson(text)).data;
}

function mayHold({ record, outcome }: PastRun, holder: LockInfo): boolean {
  const waited = Date.parse(holder.Created) - Date.parse(record.startedAt);
  const gaveItBack = outcome !== undefined && outcome.exitCode !== 137;
  const here = holder.Who.endsWith(`@${record.machine.host}`);
  return here && !gaveItBack && waited >= 0 && waited <= lockTakenWithinMs;
}

/** Why a run may still hold its lock; undefined where it is proven dead. */
async function signOfLife(run: PastRun, machine: Machine): Promise<string | undefined> {
  const { record } = run;
  const lives = `its run lives (${record.startedAt})`;
  if (record.machine.host !== machine.host) {
    // A container that was made anew on the same volume: its old processes cannot be asked for.
    const pulse = (await run.pulse?.()) ?? 'none';
    if (pulse === 'still') return undefined;
    return pulse === 'beats' ? lives : `its run had no pulse (${record.machine.host})`;
  }
  // After a reboot every process of before is dead, whatever number it had.
  if (record.machine.boot !== machine.boot) return undefined;
  const alive = (await isAlive(record.supervisor)) || (await isAlive(record.terraform));
  return alive ? lives : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
