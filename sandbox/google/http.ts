import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

/** Who calls: `serviceAccount:<email>` or `user:owner@sandbox`, who may do everything. */
export interface Caller {
  readonly member: string;
  readonly owner: boolean;
}

/** One request; `params` are the decoded variables of the template that matched. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON, undefined where there is none. */
  readonly body: unknown;
  readonly raw: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly caller: Caller;
}

/** The answer: `body` is sent as JSON, `raw` as it is. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly raw?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One method on one google.api.http template; `open` ones need no token. */
export interface Route {
  readonly method: string;
  readonly template: string;
  readonly open?: boolean;
  handle(call: Call): Reply | Promise<Reply>;
}

// google/rpc/code.proto: number and HTTP mapping of every canonical code that we answer.
const codes = {
  INVALID_ARGUMENT: { http: 400, rpc: 3 },
  FAILED_PRECONDITION: { http: 400, rpc: 9 },
  OUT_OF_RANGE: { http: 400, rpc: 11 },
  UNAUTHENTICATED: { http: 401, rpc: 16 },
  PERMISSION_DENIED: { http: 403, rpc: 7 },
  NOT_FOUND: { http: 404, rpc: 5 },
  ABORTED: { http: 409, rpc: 10 },
  ALREADY_EXISTS: { http: 409, rpc: 6 },
  RESOURCE_EXHAUSTED: { http: 429, rpc: 8 },
  UNKNOWN: { http: 500, rpc: 2 },
  INTERNAL: { http: 500, rpc: 13 },
  UNIMPLEMENTED: { http: 501, rpc: 12 },
  UNAVAILABLE: { http: 503, rpc: 14 },
} as const;
export type GoogleStatus = keyof typeof codes;

interface ErrorParts {
  readonly code?: number;
  readonly reason?: string;
  readonly domain?: string;
  readonly details?: readonly object[];
}

/** An error as Google words it; `code` is the HTTP status, `rpc` the number used in operations. */
export class GoogleError extends Error {
  override readonly name = 'GoogleError';
  readonly status: GoogleStatus;
  readonly code: number;
  readonly rpc: number;
  /** The `reason` of the older APIs (storage), such as `conditionNotMet`, and its `domain`. */
  readonly reason: string | undefined;
  readonly domain: string;
  /** google.rpc's messages about the error. */
  readonly details: readonly object[];

  constructor(status: GoogleStatus, message: string, more?: ErrorParts) {
    super(message);
    this.status = status;
    this.code = more?.code ?? codes[status].http;
    this.rpc = codes[status].rpc;
    this.reason = more?.reason;
    this.domain = more?.domain ?? 'global';
    this.details = more?.details ?? [];
  }
}

/** Google's error body for whatever was thrown; what is not a GoogleError is INTERNAL. */
export function errorReply(error: unknown): Reply {
  const known = error instanceof GoogleError ? error : undefined;
  if (error instanceof z.ZodError) return errorReply(invalid(z.prettifyError(error)));
  const code = known?.code ?? 500;
  const message = error instanceof Error ? error.message : String(error);
  const reason = known?.reason;
  const errors = reason ? { errors: [{ domain: known?.domain, reason, message }] } : {};
  const details = known?.details ?? [];
  const more = details.length === 0 ? {} : { details };
  return {
    status: code,
    body: { error: { code, message, status: known?.status ?? 'INTERNAL', ...errors, ...more } },
  };
}

/** 400 INVALID_ARGUMENT. */
export const invalid = (message: string): GoogleError =>
  new GoogleError('INVALID_ARGUMENT', message);

/** 404 NOT_FOUND. */
export const notFound = (message: string): GoogleError => new GoogleError('NOT_FOUND', message);

/** 200 with a JSON body. */
export const ok = (body: unknown): Reply => ({ status: 200, body });

/** The variable `name` of the matched template; a template without it is a mistake of ours. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the template has no {${name}}`);
  return value;
}
