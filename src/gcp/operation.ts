import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { refusedByClient } from './official.ts';
import type { Deed } from './official.ts';

/** A long-running operation of Cloud Run, as a call that began it answers. */
export const Operation = z.object({
  name: z.string().default(''),
  done: z.boolean().default(false),
  error: z.object({ code: z.number(), message: z.string().default('') }).optional(),
});
export type Operation = z.infer<typeof Operation>;

/** Milliseconds between two looks at an operation. */
const everyMs = 500;

/** Waits for the end of an operation of Cloud Run; a Failure where it ended in an error. */
export async function finishRun(
  access: GoogleAccess,
  begun: Operation,
  deed: Deed,
  waiting: Waiting = {},
): Promise<void> {
  let now = begun;
  while (!now.done && begun.name !== '') {
    const url = `${access.endpoints.run}/v2/${begun.name}`;
    now = await callGoogle(access, { action: deed.action, url, answer: Operation }, waiting);
    if (!now.done)
      await sleep(everyMs, undefined, waiting.signal ? { signal: waiting.signal } : {});
  }
  if (now.error) throw refusedByClient(deed, now.error);
}
