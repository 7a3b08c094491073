import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { refuseUnlabelled } from './refuse-unlabelled.ts';
import { unlessMissing } from './refusal.ts';
import { secretUrl } from './secrets.ts';

interface Container {
  readonly secret: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Makes a secret without a value where there is none of that name. */
export async function ensureSecret(
  access: GoogleAccess,
  { secret, labels }: Container,
  waiting: Waiting = {},
): Promise<void> {
  if (await exists(access, secret, waiting)) return;
  const url = `${access.endpoints.secretManager}/v1/projects/${access.project}/secrets?secretId=${secret}`;
  const body = { replication: { automatic: {} }, labels };
  const deed = { action: `make the secret ${secret}`, mutating: true, method: 'POST' } as const;
  try {
    await callGoogle(access, { ...deed, url, body, answer: z.unknown() }, waiting);
  } catch (error) {
    // Somebody else made it meanwhile.
    if (!(error instanceof Failure) || error.code !== 'GOOGLE_CONFLICT') throw error;
  }
}

/** Deletes a secret with all of its versions, where it carries these labels; safe to run twice. */
export async function deleteSecret(
  access: GoogleAccess,
  { secret, labels }: Container,
): Promise<void> {
  const look = { action: `read secret ${secret}`, url: secretUrl(access, secret) };
  const found = await unlessMissing(callGoogle(access, { ...look, answer: Labelled }));
  if (!found) return;
  refuseUnlabelled(`the secret ${secret}`, found.labels, labels);
  const deed = { action: `delete the secret ${secret}`, mutating: true, method: 'DELETE' } as const;
  const call = { ...deed, url: secretUrl(access, secret), answer: z.unknown() };
  await unlessMissing(callGoogle(access, call));
}

const Labelled = z.object({ labels: z.record(z.string(), z.string()).default({}) });

async function exists(access: GoogleAccess, secret: string, waiting: Waiting): Promise<boolean> {
  const look = { action: `read secret ${secret}`, url: secretUrl(access, secret) };
  const found = callGoogle(access, { ...look, answer: z.object({}) }, waiting);
  return (await unlessMissing(found)) !== undefined;
}
