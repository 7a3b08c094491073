import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Configuration, Product } from './configuration.ts';
import { isObject, toValue, type ValueObject } from './value.ts';

/** One REST call; `generated` marks those that the real provider makes through a generated client. */
export type Request = {
  readonly product: Product;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: ValueObject;
  readonly generated?: boolean;
};

/** A refusal of the cloud. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  constructor(status: number, message: string) {
    super(`googleapi: Error ${String(status)}: ${message}`);
    this.status = status;
  }
}

const transient = new Set([429, 500, 502, 503]);
// Fibonacci from half a second up to the 90 s that one request may take in all.
const pausesMs = [500, 500, 1000, 1500, 2500, 4000, 6500, 10_500, 17_000, 27_500];
const refusal = z.object({ error: z.object({ message: z.string() }) });

/** Sends one call, again after a passing failure, and gives its answer; throws `ApiProblem` on a refusal. */
export async function send(
  configuration: Configuration,
  request: Request,
  stopped: AbortSignal,
): Promise<ValueObject> {
  for (const pause of pausesMs) {
    const answer = await attempt(configuration, request).catch(connectionProblem);
    if (answer !== null && !transient.has(answer.status)) return parse(answer);
    if (stopped.aborted) break;
    await sleep(pause, undefined, { signal: stopped }).catch(() => undefined);
  }
  return parse(await attempt(configuration, request));
}

/** What the cloud answers, or null where it answers that there is no such thing. */
export async function unlessGone(answer: Promise<ValueObject>): Promise<ValueObject | null> {
  try {
    return await answer;
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 404) return null;
    throw problem;
  }
}

function attempt(configuration: Configuration, request: Request): Promise<Response> {
  return fetch(urlOf(configuration, request), {
    method: request.method,
    headers: {
      authorization: `Bearer ${configuration.token}`,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(configuration.userProject === null
        ? {}
        : { 'x-goog-user-project': configuration.userProject }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
}

function urlOf(configuration: Configuration, request: Request): string {
  const query = { alt: 'json', ...(request.generated === true ? { prettyPrint: 'false' } : {}) };
  const search = new URLSearchParams({ ...query, ...request.query });
  search.sort();
  return `${configuration.endpoint(request.product)}${request.path}?${search.toString()}`;
}

function connectionProblem(problem: unknown): null {
  if (problem instanceof TypeError) return null;
  throw problem;
}

async function parse(response: Response): Promise<ValueObject> {
  const body = await response.text();
  const json = parseJson(body);
  if (response.ok) return isObject(json) ? json : {};
  const told = refusal.safeParse(json);
  throw new ApiProblem(response.status, told.success ? told.data.error.message : body);
}

function parseJson(body: string) {
  try {
    return toValue(JSON.parse(body));
  } catch {
    return null;
  }
}
