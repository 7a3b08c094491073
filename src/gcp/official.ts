import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { Waiting } from './access.ts';
import { refused } from './refusal.ts';

/** What is done by one of Google's own clients; `action` completes "Google refused to …". */
export interface Deed {
  readonly action: string;
  readonly mutating?: boolean;
}

/** Awaits one call of Google's client and turns its error into a Failure. */
export async function done<T>(deed: Deed, call: Promise<T>, waiting: Waiting = {}): Promise<T> {
  return orAborted(call, waiting).catch((error: unknown) => {
    waiting.signal?.throwIfAborted();
    throw error instanceof Failure ? error : refusedByClient(deed, error);
  });
}

/** The Failure for an error of a Google client: gRPC code, HTTP status, or no answer at all. */
export function refusedByClient(deed: Deed, error: unknown): Error {
  const said = ClientError.safeParse(error);
  const { code, message } = said.success ? said.data : { code: 0, message: String(error) };
  const status = typeof code === 'number' && code > 0 && code <= 16 ? grpc[code] : undefined;
  const http = status ? status[0] : Number(code);
  return refused({
    action: deed.action,
    mutating: deed.mutating ?? false,
    http: Number.isInteger(http) ? http : 0,
    status: status?.[1] ?? '',
    message: message.replace(/^\d+ [A-Z_]+: /, ''),
    cause: error,
  });
}

const ClientError = z.object({
  code: z.union([z.number(), z.string()]).default(0),
  message: z.string().default(''),
});

/** gRPC's codes with HTTP's (google/rpc/code.proto). */
const grpc: Readonly<Record<number, readonly [number, string]>> = {
  1: [499, 'CANCELLED'],
  2: [500, 'UNKNOWN'],
  3: [400, 'INVALID_ARGUMENT'],
  4: [504, 'DEADLINE_EXCEEDED'],
  5: [404, 'NOT_FOUND'],
  6: [409, 'ALREADY_EXISTS'],
  7: [403, 'PERMISSION_DENIED'],
  8: [429, 'RESOURCE_EXHAUSTED'],
  9: [400, 'FAILED_PRECONDITION'],
  10: [409, 'ABORTED'],
  11: [400, 'OUT_OF_RANGE'],
  12: [501, 'UNIMPLEMENTED'],
  13: [500, 'INTERNAL'],
  14: [503, 'UNAVAILABLE'],
  15: [500, 'DATA_LOSS'],
  16: [401, 'UNAUTHENTICATED'],
};

function orAborted<T>(call: Promise<T>, { signal }: Waiting): Promise<T> {
  if (!signal) return call;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return Promise.race([call, promise]).finally(() => signal.removeEventListener('abort', abort));
}
