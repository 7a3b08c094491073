import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { SupabaseAccess, Waiting } from './access.ts';
import { assertMayWrite } from '../lease/fence.ts';
import { takeTurn } from './budget.ts';
import { refused, strangeAnswer } from './refusal.ts';
import { learnSecret } from '../redaction/known.ts';

/** One call of the Management API: `action` completes the sentence "Supabase refused to …". */
export interface Call<T> {
  readonly action: string;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly answer: z.ZodType<T>;
}

/** Milliseconds after which a call counts as unanswered; SQL may take its time. */
const patience = 120_000;
/** The whole minute that Supabase refuses for once its limit of 120 calls is passed. */
const minute = 60;

/**
 * Makes a Management API call within the token's budget and parses the answer. Where others spent
 * the budget (429), it waits for the end of their minute, once.
 */
export async function callSupabase<T>(
  access: SupabaseAccess,
  call: Call<T>,
  waiting: Waiting = {},
): Promise<T> {
  const first = await send(access, call, waiting);
  const response = first.status === 429 ? await afterReset(first, access, call, waiting) : first;
  const text = await response.text();
  if (response.ok) return understood(call, text);
  throw refused({ action: call.action, http: response.status, message: messageOf(text) });
}

function understood<T>(call: Call<T>, text: string): T {
  try {
    return call.answer.parse(text === '' ? null : JSON.parse(text));
  } catch (cause) {
    throw strangeAnswer(call.action, cause);
  }
}

/** Sends one request with our patience; only the absence of an answer is a Failure here. */
export async function request(
  what: { readonly action: string; readonly url: string; readonly request: RequestInit },
  waiting: Waiting,
): Promise<Response> {
  if ((what.request.method ?? 'GET') !== 'GET') assertMayWrite();
  const timeout = AbortSignal.timeout(patience);
  const signal = waiting.signal ? AbortSignal.any([waiting.signal, timeout]) : timeout;
  return fetch(what.url, { ...what.request, signal }).catch((cause: unknown) => {
    waiting.signal?.throwIfAborted();
    const reason = cause instanceof Error ? (cause.cause ?? cause.message) : cause;
    const message = `No answer from ${new URL(what.url).host}: ${String(reason)}`;
    const outcomeUnknown = timeout.aborted && (what.request.method ?? 'GET') !== 'GET';
    throw refused({ action: what.action, http: 0, message, outcomeUnknown, cause });
  });
}

/** The words of an error body of any Supabase API, or its beginning. */
export function messageOf(text: string): string {
  const parsed = ErrorBody.safeParse(jsonOr(text));
  if (!parsed.success) return text.slice(0, 500);
  const { message, msg, error_description: description, error } = parsed.data;
  const said = message ?? msg ?? description ?? error;
  return said === undefined ? text.slice(0, 500) : [said].flat().join('; ');
}

const words = z.union([z.string(), z.array(z.string())]).optional();
const ErrorBody = z.object({ message: words, msg: words, error_description: words, error: words });

async function afterReset<T>(
  refusal: Response,
  access: SupabaseAccess,
  call: Call<T>,
  waiting: Waiting,
): Promise<Response> {
  const reset = refusal.headers.get('x-ratelimit-reset');
  await refusal.body?.cancel();
  await sleep(
    secondsToReset(reset) * 1000,
    undefined,
    waiting.signal ? { signal: waiting.signal } : {},
  );
  return send(access, call, waiting);
}

/** What a refusal for too many calls asks us to wait: the rest of its minute, or all of it. */
export function secondsToReset(header: string | null): number {
  const seconds = Number(header ?? 'none');
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, minute) : minute;
}

async function send<T>(access: SupabaseAccess, call: Call<T>, waiting: Waiting): Promise<Response> {
  const token = await access.token();
  learnSecret(token);
  const method = call.method ?? 'GET';
  await takeTurn({ api: access.api, token, method, path: call.path }, waiting);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
  const url = `${access.api.replace(/\/+$/, '')}/v1${call.path}`;
  return request({ action: call.action, url, request: { method, headers, ...body } }, waiting);
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
