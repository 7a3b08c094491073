import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.ts';

/** How long to wait for Google, in milliseconds, and whom to tell. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly beat: (progress: string) => void;
  readonly patienceMs?: number;
}

/** Permissions that were granted a moment ago, and one look whether Google honours one of them. */
export interface Spreading<Cell> {
  readonly cells: readonly Cell[];
  readonly look: (cell: Cell, signal: AbortSignal) => Promise<boolean>;
  readonly nameOf: (cell: Cell) => string;
}

// Google: usually 2 minutes, 7 or longer possible ("Access change propagation").
const spreadPatienceMs = 10 * 60_000;
const firstPauseMs = 50; // it is often honoured at once
const longestPauseMs = 5000; // so that a long wait costs few calls

/**
 * Waits until Google honours every permission. Time is no failure until the patience ends; a call
 * that Google does not answer counts as "not yet".
 */
export async function awaitSpread<Cell>(
  { cells, look, nameOf }: Spreading<Cell>,
  { signal, beat, patienceMs = spreadPatienceMs }: Patience,
): Promise<void> {
  const begun = Date.now();
  let waiting = cells;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const looks = await Promise.all(waiting.map((cell) => unlessUnanswered(look(cell, signal))));
    waiting = waiting.filter((_, index) => !looks[index]);
    if (waiting.length === 0) return;
    const waited = Date.now() - begun;
    if (waited > patienceMs) throw notSpread(waiting.map(nameOf));
    beat(progressText(waiting.length, cells.length, waited));
    await pause(pauseMs, undefined, { signal });
  }
}

async function unlessUnanswered(looking: Promise<boolean>): Promise<boolean> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof Failure && error.class === 'retry') return false;
    throw error;
  }
}

function progressText(left: number, all: number, waitedMs: number): string {
  const seconds = Math.round(waitedMs / 1000);
  return `waiting for ${left} of ${all} new permissions to take effect (${seconds} s, at most 10 min)`;
}

function notSpread(names: readonly string[]): Failure {
  return new Failure({
    code: 'IAM_NOT_SPREAD',
    what: `${names.length} new permissions did not take effect in time`,
    why: `granted, but not effective yet: ${names.join(', ')}`,
    fix: 'Deploy again in a few minutes; what was created is rolled back.',
  });
}
