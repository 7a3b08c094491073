import { setTimeout as pause } from 'node:timers/promises';
import { knownFailure, messageOf } from '../causes/known-failure.ts';

/** What a check found: `ok`, worth knowing, or in the way of a deploy. */
export type State = 'ok' | 'warning' | 'missing';

/** What a check says of the environment; `fix` is what to type or to change. */
export interface Finding {
  readonly state: State;
  readonly says: string;
  readonly fix?: string | undefined;
}

/** One look at an environment that changes nothing. */
export interface Check {
  readonly id: string;
  readonly look: (signal: AbortSignal) => Promise<Finding>;
}

export interface Examined extends Finding {
  readonly id: string;
  /** The check itself could not be made: it was refused, or nobody answered. */
  readonly unanswered?: true;
}

/**
 * Looks at everything at once and answers in the order of the checks. One that fails says so itself,
 * and one that has no answer after `limitMs` counts as missing.
 */
export async function examine(
  checks: readonly Check[],
  limitMs = patienceMs,
): Promise<readonly Examined[]> {
  return Promise.all(
    checks.map(async (check) => ({ id: check.id, ...(await find(check, limitMs)) })),
  );
}

// All of them together shall answer within 20 s, slow ones included.
const patienceMs = 15_000;

async function find({ look }: Check, limitMs: number): Promise<Omit<Examined, 'id'>> {
  const signal = AbortSignal.timeout(limitMs);
  const late = pause(limitMs + 250, silent(limitMs), { ref: false });
  return Promise.race([
    look(signal).catch((error: unknown) => failed(error, signal, limitMs)),
    late,
  ]);
}

function failed(error: unknown, signal: AbortSignal, limitMs: number): Omit<Examined, 'id'> {
  if (signal.aborted) return silent(limitMs);
  const known = knownFailure(error);
  if (!known) return { state: 'missing', says: messageOf(error), unanswered: true };
  return {
    state: 'missing',
    says: `${known.what}: ${known.why}`,
    fix: known.fix,
    unanswered: true,
  };
}

function silent(limitMs: number): Omit<Examined, 'id'> {
  return {
    state: 'missing',
    says: `no answer within ${Math.round(limitMs / 1000)} s`,
    fix: 'Look whether a firewall or a proxy stands between this machine and it.',
    unanswered: true,
  };
}
