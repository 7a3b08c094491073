import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { canReadSecret } from '../gcp/iam.ts';
import type { Site } from '../site.ts';
import { secretId } from '../terraform/variables.ts';

/** How long to wait for Google, in milliseconds, and whom to tell. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly beat: (progress: string) => void;
  readonly patienceMs?: number;
}

// Google: usually 2 minutes, 7 or longer possible ("Access change propagation").
const spreadPatienceMs = 10 * 60_000;
const firstPauseMs = 250;
const longestPauseMs = 5000; // so that a long wait costs few calls

interface Cell {
  readonly account: string;
  readonly secret: string;
}

/**
 * Waits until every service's account can really read its secrets. Time is no failure until the
 * patience ends; a call that Google does not answer counts as "not yet".
 */
export async function awaitPermissions(site: Site, patience: Patience): Promise<void> {
  const { signal, beat, patienceMs = spreadPatienceMs } = patience;
  const cells = cellsOf(site);
  const begun = Date.now();
  let waiting = cells;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const looks = await Promise.all(waiting.map((cell) => mayRead(site, cell, signal)));
    waiting = waiting.filter((_, index) => !looks[index]);
    if (waiting.length === 0) return;
    const waited = Date.now() - begun;
    if (waited > patienceMs) throw notSpread(waiting);
    beat(progressText(waiting.length, cells.length, waited));
    await pause(pauseMs, undefined, { signal });
  }
}

function cellsOf({ config, environment }: Site): readonly Cell[] {
  return Object.entries(config.services).flatMap(([service, { secrets }]) =>
    Object.keys(secrets).map((name) => ({
      account: `run-${service}@${environment.project}.iam.gserviceaccount.com`,
      secret: secretId(service, name),
    })),
  );
}

async function mayRead({ google }: Site, cell: Cell, signal: AbortSignal): Promise<boolean> {
  try {
    return await canReadSecret(google, cell, { signal });
  } catch (error) {
    if (error instanceof Failure && error.class === 'retry') return false;
    throw error;
  }
}

function progressText(left: number, all: number, waitedMs: number): string {
  const seconds = Math.round(waitedMs / 1000);
  return `waiting for Google to spread ${left} of ${all} permissions (${seconds} s, at most 10 min)`;
}

function notSpread(waiting: readonly Cell[]): Failure {
  return new Failure({
    code: 'IAM_NOT_SPREAD',
    what: `Google did not spread ${waiting.length} permissions in time`,
    why: `not readable by their services' accounts: ${waiting.map(({ secret }) => secret).join(', ')}`,
    fix: 'Deploy again in some minutes; what was created is wound back.',
  });
}
