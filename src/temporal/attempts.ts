import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { replaceWhole } from '../terraform/write-whole.ts';
import { identify, isAlive } from '../terraform/process-identity.ts';

/** An attempt at an activity that a worker of this machine has begun. */
const Attempt = z.object({
  version: z.literal(1),
  worker: z.object({ pid: z.int(), started: z.string() }),
  activity: z.string(),
  /** The task's token in base64. */
  token: z.string(),
});

/**
 * Writes down that this process has begun an attempt, and answers how to take that back. Should it
 * die, `giveUpDeadAttempts` tells Temporal at once what a heartbeat timeout would tell it later.
 */
export async function rememberAttempt(
  home: string,
  { activity, token }: { readonly activity: string; readonly token: Uint8Array },
): Promise<() => Promise<void>> {
  const file = join(folderOf(home), `${randomUUID()}.json`);
  const worker = await identify(process.pid);
  const attempt = { version: 1, worker, activity, token: Buffer.from(token).toString('base64') };
  // Where it cannot be written, the timeout has to do.
  await replaceWhole(file, attempt).catch(() => undefined);
  return () => rm(file, { force: true }).catch(() => undefined);
}

/**
 * Fails the attempts of workers that are dead, so that Temporal gives out the next ones now; answers
 * how many. One that has timed out meanwhile is nobody's any more.
 */
export async function giveUpDeadAttempts(home: string, client: Client): Promise<number> {
  let given = 0;
  for (const name of await readdir(folderOf(home)).catch(() => [])) {
    const file = join(folderOf(home), name);
    const attempt = await readAttempt(file);
    if (attempt && (await isAlive(attempt.worker))) continue;
    if (attempt) given += await giveUp(client, attempt);
    await rm(file, { force: true }).catch(() => undefined);
  }
  return given;
}

async function giveUp(client: Client, { activity, token }: z.infer<typeof Attempt>) {
  const why = 'its process was killed, or ran out of memory';
  const died = ApplicationFailure.create({
    message: `The worker died in ${activity}`,
    type: 'WORKER_DIED',
    details: [{ why, fix: 'Nothing to do: it is tried again.' }],
  });
  return client.activity.fail(Buffer.from(token, 'base64'), died).then(
    () => 1,
    () => 0,
  );
}

async function readAttempt(file: string) {
  try {
    return Attempt.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function folderOf(home: string): string {
  return join(home, 'run', 'attempts');
}
