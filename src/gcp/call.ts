import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { chainOf, textOf } from '../causes/chain.ts';
import { assertMayWrite, userAgent } from '../lease/fence.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { refused, strangeAnswer } from './refusal.ts';
import { learnSecret } from '../redaction/known.ts';

/** A request to a Google REST API: `action` completes the sentence "Google refused to …". */
export interface Asking {
  readonly action: string;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
  readonly mutating?: boolean;
  /** Milliseconds until the whole answer must be here; Google's own clients wait 60 s. */
  readonly patienceMs?: number;
}

/** A request whose answer is JSON of a known shape. */
export interface Call<T> extends Asking {
  readonly answer: z.ZodType<T>;
}

const usualPatienceMs = 60_000;

/** Makes the call as the access's principal and parses the answer; a Failure otherwise. */
export async function callGoogle<T>(
  access: GoogleAccess,
  call: Call<T>,
  waiting: Waiting = {},
): Promise<T> {
  const response = await askGoogle(access, call, waiting);
  return understood(call, await response.text());
}

/** Asks as the access's principal; gives the answer, its body unread, where it is a success. */
export async function askGoogle(
  access: GoogleAccess,
  asking: Asking,
  waiting: Waiting = {},
): Promise<Response> {
  const token = await access.token();
  learnSecret(token);
  const request = {
    method: asking.method ?? 'GET',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': userAgent(),
    },
    ...(asking.body === undefined ? {} : { body: JSON.stringify(asking.body) }),
  };
  const response = await sendAgain(asking, request, waiting);
  if (response.ok) return response;
  throw refusedBy(asking, response.status, await response.text());
}

const busy = new Set([408, 429, 500, 502, 503, 504]);
const pausesMs = [250, 500, 1000];

/**
 * A call that changes nothing is sent again where Google is busy, or where an idle connection was
 * closed at the moment of its next use: a plan makes hundreds of them.
 */
async function sendAgain(
  call: Described,
  request: RequestInit,
  waiting: Waiting,
): Promise<Response> {
  for (const pauseMs of call.mutating ? [] : pausesMs) {
    const response = await send(call, request, waiting).catch(unlessCutOff);
    if (response && !busy.has(response.status)) return response;
    await response?.body?.cancel();
    await pause(pauseMs, undefined, waiting.signal ? { signal: waiting.signal } : {});
  }
  return send(call, request, waiting);
}

const cutOff = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function unlessCutOff(error: unknown): undefined {
  if (!chainOf(error).some((one) => cutOff.has(textOf(one, 'code') ?? ''))) throw error;
}

function understood<T>(call: Call<T>, text: string): T {
  try {
    return call.answer.parse(text === '' ? {} : JSON.parse(text));
  } catch (cause) {
    throw strangeAnswer(call.action, cause);
  }
}

type Described = Pick<Asking, 'action' | 'url' | 'mutating' | 'patienceMs'>;

/** Sends a request with our patience; only the absence of an answer is a Failure here. */
export async function send(
  call: Described,
  request: RequestInit,
  waiting: Waiting,
): Promise<Response> {
  if (call.mutating || (request.method ?? 'GET') !== 'GET') assertMayWrite();
  const timeout = AbortSignal.timeout(call.patienceMs ?? usualPatienceMs);
  const signal = waiting.signal ? AbortSignal.any([waiting.signal, timeout]) : timeout;
  return fetch(call.url, { ...request, signal }).catch((cause: unknown) => {
    waiting.signal?.throwIfAborted();
    throw refused({
      action: call.action,
      mutating: call.mutating ?? false,
      http: 0,
      status: timeout.aborted ? 'DEADLINE_EXCEEDED' : 'UNAVAILABLE',
      message: `No answer from ${new URL(call.url).host}: ${reasonOf(cause)}`,
      cause,
    });
  });
}

const Detail = z.object({ reason: z.string().optional() });
const ErrorBody = z.object({
  error: z.object({
    message: z.string().default(''),
    status: z.string().default(''),
    details: z.array(z.unknown()).default([]),
  }),
});

/** The Failure for an answer that is not a success; reads Google's error body where there is one. */
export function refusedBy(call: Described, http: number, text: string): Error {
  const parsed = ErrorBody.safeParse(jsonOr(text));
  const of = { action: call.action, mutating: call.mutating ?? false, http };
  if (!parsed.success) return refused({ ...of, message: text.slice(0, 500), status: '' });
  const { message, status, details } = parsed.data.error;
  const reason = details.map((one) => Detail.safeParse(one).data?.reason).find(Boolean);
  return refused({ ...of, message, status, reason });
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}
