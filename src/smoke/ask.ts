import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { Reach } from './reach.ts';

export interface Ask {
  readonly path: string;
  readonly method?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How long to wait for the answer; absent = as a service that starts first needs. */
  readonly patienceMs?: number;
}

export interface Said {
  readonly status: number;
  readonly body: unknown;
}

// A service that was scaled to zero starts first.
const usualMs = 30_000;

// Cloud Run itself answers 503 while no instance can take the call.
const unavailable = 503;
const looks = 5;
const betweenMs = 1000;

/** Looks at a service; an address that no instance answers yet is looked at again. */
export async function look(reach: Reach, path: string): Promise<Said> {
  for (let left = looks; ; left -= 1) {
    const said = await ask(reach, { path });
    if (said.status !== unavailable || left === 1) return said;
    await pause(betweenMs);
  }
}

/** Calls a service; any status is an answer, only silence is a Failure. */
export async function ask(reach: Reach, asked: Ask): Promise<Said> {
  const { path, method, body, headers, patienceMs = usualMs } = asked;
  const answer = await fetch(`${reach.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...reach.headers, ...headers, 'content-type': 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(patienceMs),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw smokeFailure(`${reach.name} does not respond at ${reach.url}${path}`, String(cause));
  });
  const text = await answer.text();
  return { status: answer.status, body: parsed(text) };
}

/** A smoke test's finding as a Failure; whether the traffic moved is said by who has looked. */
export function smokeFailure(what: string, why: string, fix = 'Check the service’s log.'): Failure {
  return new Failure({ code: 'SMOKE_FAILED', what, why, fix });
}

/** The answer, or a Failure where the status is another than expected. */
export function expectStatus(what: string, said: Said, wanted: number): Said {
  if (said.status === wanted) return said;
  const found = `answered ${said.status} instead of ${wanted}: ${JSON.stringify(said.body)}`;
  throw smokeFailure(what, found.slice(0, 500));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 300);
  }
}
