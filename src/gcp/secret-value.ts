import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { learnSecret } from '../redaction/known.ts';
import { callGoogle } from './call.ts';
import { accessVersion, newestEnabled, secretUrl, secretVersion } from './secrets.ts';

/** A value that a secret shall have; `key` makes the digest in its annotations useless to others. */
export interface WantedSecret {
  readonly secret: string;
  readonly value: string | Buffer;
  readonly key: string | Buffer;
}

/** Adds a version only where the newest enabled one is not this value already. */
export async function ensureVersion(
  access: GoogleAccess,
  wanted: WantedSecret,
  waiting: Waiting = {},
): Promise<{ readonly version: number; readonly added: boolean }> {
  learnSecret(wanted.value);
  const newest = await newestEnabled(access, wanted.secret, waiting);
  const known = await readMark(access, wanted.secret, waiting);
  if (newest !== undefined && known.mark === markOf(newest, wanted))
    return { version: newest, added: false };
  const same = newest !== undefined && (await holds(access, wanted, newest, waiting));
  const version = same ? newest : await add(access, wanted, waiting);
  await writeMark(access, { ...known, wanted, version }, waiting);
  return { version, added: !same };
}

/** The newest version that `ensureVersion` has added or found right; 0 where it never did. */
export async function markedVersion(
  access: GoogleAccess,
  secret: string,
  waiting: Waiting = {},
): Promise<number> {
  const { mark } = await readMark(access, secret, waiting);
  return Number.parseInt(mark ?? '', 10) || 0;
}

/** The annotation that says, without revealing it, which value the newest version holds. */
const annotation = 'windlass-value';

function markOf(version: number, { key, value }: WantedSecret): string {
  return `${version}.${createHmac('sha256', key).update(value).digest('hex')}`;
}

interface Mark {
  readonly mark: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly etag: string;
}

const Secret = z.object({
  etag: z.string().nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
});

async function readMark(access: GoogleAccess, secret: string, waiting: Waiting): Promise<Mark> {
  const call = { action: `read secret ${secret}`, url: secretUrl(access, secret), answer: Secret };
  const { etag, annotations } = await callGoogle(access, call, waiting);
  return { mark: annotations?.[annotation], annotations: annotations ?? {}, etag: etag ?? '' };
}

/** A run that ended between adding and marking left the value without its mark: look at it. */
async function holds(
  access: GoogleAccess,
  { secret, value }: WantedSecret,
  version: number,
  waiting: Waiting,
): Promise<boolean> {
  try {
    const held = await accessVersion(access, { secret, version }, waiting);
    return held.equals(Buffer.from(value));
  } catch (error) {
    if (error instanceof Failure && error.code === 'GOOGLE_DENIED') return false;
    throw error;
  }
}

const Added = z.unknown().transform(secretVersion);

async function add(
  access: GoogleAccess,
  { secret, value }: WantedSecret,
  waiting: Waiting,
): Promise<number> {
  const deed = { action: `add a version to secret ${secret}`, mutating: true };
  const body = { payload: { data: Buffer.from(value).toString('base64') } };
  const url = `${secretUrl(access, secret)}:addVersion`;
  const call = { ...deed, method: 'POST', url, body, answer: Added } as const;
  return (await callGoogle(access, call, waiting)).number;
}

async function writeMark(
  access: GoogleAccess,
  now: Mark & { readonly wanted: WantedSecret; readonly version: number },
  waiting: Waiting,
): Promise<void> {
  const { secret } = now.wanted;
  const annotations = { ...now.annotations, [annotation]: markOf(now.version, now.wanted) };
  const body = { annotations, ...(now.etag !== '' && { etag: now.etag }) };
  const url = `${secretUrl(access, secret)}?updateMask=annotations`;
  const deed = { action: `annotate secret ${secret}`, mutating: true };
  const call = { ...deed, method: 'PATCH', url, body, answer: z.unknown() } as const;
  await callGoogle(access, call, waiting);
}
