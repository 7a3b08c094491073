import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem } from './http.ts';
import type { Product } from './configuration.ts';
import type { Call } from './resource.ts';
import { type ValueObject, isObject, text, written } from './value.ts';

/** Waits until a long-running operation is done; throws its error, on a stop, and after `timeoutMs`. */
export async function operationDone(
  call: Call,
  product: Product,
  started: ValueObject,
  timeoutMs: number,
): Promise<ValueObject> {
  const deadline = Date.now() + timeoutMs;
  let operation = started;
  while (operation['done'] !== true && text(operation['name']) !== '') {
    operation = await poll(call, product, operation);
    if (operation['done'] === true) break;
    await pause(call, deadline);
  }
  const error = operation['error'];
  if (!isObject(error)) return isObject(operation['response']) ? operation['response'] : {};
  throw new Error(`Error code ${written(error['code'])}, message: ${text(error['message'])}`);
}

/** Waits one poll interval; throws on a stop and once the deadline (Unix time, ms) has passed. */
export async function pause(call: Call, deadline: number): Promise<void> {
  if (Date.now() > deadline) throw new Error('timeout while waiting for the operation');
  await sleep(call.configuration.pollMs, undefined, { signal: call.stopped }).catch(
    () => undefined,
  );
  if (call.stopped.aborted) throw new Error('stopped while waiting for the operation');
}

async function poll(call: Call, product: Product, operation: ValueObject): Promise<ValueObject> {
  try {
    return await call.send({ product, method: 'GET', path: text(operation['name']) });
  } catch (problem) {
    // An operation may not be visible at once.
    if (problem instanceof ApiProblem && problem.status === 404) return operation;
    throw problem;
  }
}
