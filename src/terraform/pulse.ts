import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { runFiles } from './run-files.ts';
import { readOrNothing } from './run-record.ts';

/** Whether a run's supervisor still beats; `none` = it never did, as those of before had no pulse. */
export type Pulse = 'beats' | 'still' | 'none';

const beatMs = 1000;
const patienceMs = 10_000; // ten beats

/** Beats into the run's folder until the process ends; a full disk must not end it. */
export function startPulse(runDir: string): void {
  let beats = 0;
  const beat = (): void => {
    try {
      writeFileSync(runFiles(runDir).pulse, String((beats += 1)), { mode: 0o600 });
    } catch {
      // A pulse that is missed looks like a death for ten seconds, and no longer.
    }
  };
  beat();
  setInterval(beat, beatMs).unref();
}

/**
 * Watches the pulse of a run of this home for ten seconds: the only sign of life that crosses from
 * one container to the next, where neither hostname nor process numbers do.
 */
export async function pulseOf(runDir: string): Promise<Pulse> {
  const look = (): Promise<string | undefined> => readOrNothing(runFiles(runDir).pulse);
  const first = await look();
  if (first === undefined) return 'none';
  for (let waited = 0; waited < patienceMs; waited += beatMs) {
    await pause(beatMs);
    if ((await look()) !== first) return 'beats';
  }
  return 'still';
}
