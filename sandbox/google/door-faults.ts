import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Fault } from '../faults.ts';
import type { World } from '../world.ts';
import type { Reply } from './http.ts';

const HttpFault = z.looseObject({
  method: z.string().optional(),
  pathPattern: z.string().default('.*'),
  status: z.number().int().optional(),
  body: z.unknown().optional(),
  delayMs: z.number().nonnegative().default(0),
});

/** The answer that the fault `http` or a flaky profile puts in place of the real one, if any. */
export async function brokenByFault(
  world: World,
  method: string,
  path: string,
): Promise<Reply | undefined> {
  if (path.startsWith('/_sandbox/')) return undefined;
  const fault = world.faults.take('http', (fault) => concerns(fault, method, path));
  if (fault !== undefined) {
    const { status, body, delayMs } = HttpFault.parse(fault);
    await sleep(delayMs);
    if (status !== undefined) return { status, body: body ?? errorBody(status) };
  }
  const { errorRate } = world.profile.get();
  if (errorRate === 0 || world.profile.chance() >= errorRate) return undefined;
  const status = world.profile.chance() < 0.5 ? 429 : 503;
  return { status, body: errorBody(status) };
}

/** Whether the fault `ack-lost` swallows the answer after the work has been done. */
export function losesAck(world: World, request: IncomingMessage): boolean {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  if (path.startsWith('/_sandbox/')) return false;
  const matches = (fault: Fault): boolean => concerns(fault, request.method ?? 'GET', path);
  return world.faults.take('ack-lost', matches) !== undefined;
}

function concerns(fault: Fault, method: string, path: string): boolean {
  const { method: wanted, pathPattern } = HttpFault.parse(fault);
  return (
    (wanted === undefined || wanted.toUpperCase() === method) && new RegExp(pathPattern).test(path)
  );
}

function errorBody(code: number): unknown {
  const names: Readonly<Record<number, string>> = {
    400: 'INVALID_ARGUMENT',
    403: 'PERMISSION_DENIED',
    404: 'NOT_FOUND',
    409: 'ABORTED',
    429: 'RESOURCE_EXHAUSTED',
    503: 'UNAVAILABLE',
  };
  const message = 'The sandbox was told to answer this error.';
  return { error: { code, message, status: names[code] ?? 'INTERNAL' } };
}
