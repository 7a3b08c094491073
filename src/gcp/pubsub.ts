import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';

/** A message that was leased to us until its subscription's deadline. */
export interface Received {
  /** What it is acknowledged by. */
  readonly ackId: string;
  readonly text: string;
  readonly publishedAt: string;
}

const Pulled = z.object({
  receivedMessages: z
    .array(
      z.object({
        ackId: z.string(),
        message: z.object({ data: z.string().default(''), publishTime: z.string() }),
      }),
    )
    .default([]),
});

/**
 * Leases up to `most` messages; GOOGLE_NOT_FOUND where there is no such subscription. Google waits
 * for a first message as long as it likes: no answer within `patienceMs` counts as none.
 */
export async function pull(
  access: GoogleAccess,
  wanted: { readonly subscription: string; readonly most: number; readonly patienceMs: number },
  waiting: Waiting = {},
): Promise<readonly Received[]> {
  const { subscription, most: maxMessages, patienceMs } = wanted;
  const call = {
    action: `pull from the subscription ${subscription}`,
    method: 'POST',
    url: `${urlOf(access, subscription)}:pull`,
    body: { maxMessages },
    ...{ mutating: true, patienceMs, answer: Pulled },
  } as const;
  const { receivedMessages } = await callGoogle(access, call, waiting).catch(noneInTime);
  return receivedMessages.map(({ ackId, message }) => ({
    ackId,
    text: String(Buffer.from(message.data, 'base64')),
    publishedAt: message.publishTime,
  }));
}

/** Says that these messages are done with; safe to run twice. */
export async function acknowledge(
  access: GoogleAccess,
  done: { readonly subscription: string; readonly ackIds: readonly string[] },
  waiting: Waiting = {},
): Promise<void> {
  const { subscription, ackIds } = done;
  if (ackIds.length === 0) return;
  const action = `acknowledge messages of the subscription ${subscription}`;
  const url = `${urlOf(access, subscription)}:acknowledge`;
  const call = { action, method: 'POST', url, body: { ackIds }, answer: z.unknown() } as const;
  await callGoogle(access, call, waiting);
}

function urlOf({ endpoints, project }: GoogleAccess, subscription: string): string {
  return `${endpoints.pubsub}/v1/projects/${project}/subscriptions/${subscription}`;
}

function noneInTime(error: unknown): z.infer<typeof Pulled> {
  if (error instanceof Failure && error.code === 'GOOGLE_SILENT') return { receivedMessages: [] };
  throw error;
}
