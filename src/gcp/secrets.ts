import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { listGoogle } from './list.ts';
import { learnSecret } from '../redaction/known.ts';
import { ownValue } from '../own-value.ts';

/** One version of a secret; its number is what a revision mounts. */
export interface SecretVersion {
  readonly number: number;
  readonly state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
}

/** The versions of a secret, newest first. */
export async function listVersions(
  access: GoogleAccess,
  secret: string,
  waiting: Waiting = {},
): Promise<readonly SecretVersion[]> {
  const url = `${secretUrl(access, secret)}/versions`;
  const action = `list the versions of secret ${secret}`;
  const listing = { action, url, of: 'versions', read: secretVersion };
  return [...(await listGoogle(access, listing, waiting))].sort((a, b) => b.number - a.number);
}

/** The number of the newest enabled version; undefined where there is none. */
export async function newestEnabled(
  access: GoogleAccess,
  secret: string,
  waiting: Waiting = {},
): Promise<number | undefined> {
  const versions = await listVersions(access, secret, waiting);
  return versions.find((version) => version.state === 'ENABLED')?.number;
}

/** The bytes of a version. */
export async function accessVersion(
  access: GoogleAccess,
  which: { readonly secret: string; readonly version: number | 'latest' },
  waiting: Waiting = {},
): Promise<Buffer> {
  const url = `${versionUrl(access, which)}:access`;
  const action = `read version ${which.version} of secret ${which.secret}`;
  const { payload } = await callGoogle(access, { action, url, answer: Accessed }, waiting);
  const data = payload?.data;
  if (data === undefined)
    throw new Failure({
      code: 'SECRET_EMPTY',
      what: `Version ${which.version} of secret ${which.secret} is empty`,
      why: 'Google answered without a payload.',
      fix: 'Add a new version with a value.',
    });
  const value = Buffer.from(data, 'base64');
  learnSecret(value);
  return value;
}

/** Disables a version, so that nobody reads it and it can come back; safe to run twice. */
export async function disableVersion(
  access: GoogleAccess,
  which: { readonly secret: string; readonly version: number },
  waiting: Waiting = {},
): Promise<void> {
  const action = `disable version ${which.version} of ${which.secret}`;
  await change(access, { action, url: `${versionUrl(access, which)}:disable` }, waiting);
}

/** Enables a disabled version again; safe to run twice. */
export async function enableVersion(
  access: GoogleAccess,
  which: { readonly secret: string; readonly version: number },
  waiting: Waiting = {},
): Promise<void> {
  const action = `enable version ${which.version} of ${which.secret}`;
  await change(access, { action, url: `${versionUrl(access, which)}:enable` }, waiting);
}

/** The address of a secret. */
export function secretUrl({ endpoints, project }: GoogleAccess, secret: string): string {
  return `${endpoints.secretManager}/v1/projects/${project}/secrets/${secret}`;
}

function versionUrl(
  access: GoogleAccess,
  { secret, version }: { readonly secret: string; readonly version: number | 'latest' },
): string {
  return `${secretUrl(access, secret)}/versions/${version}`;
}

async function change(
  access: GoogleAccess,
  asked: { readonly action: string; readonly url: string },
  waiting: Waiting,
): Promise<void> {
  const call = { ...asked, method: 'POST', body: {}, mutating: true } as const;
  await callGoogle(access, { ...call, answer: z.unknown() }, waiting);
}

const Accessed = z.object({ payload: z.object({ data: z.string().optional() }).optional() });
const Version = z.object({ name: z.string(), state: z.string().default('') });

/** Google's names of a version's state (SecretVersion.State). */
const states: Readonly<Record<string, SecretVersion['state']>> = {
  ENABLED: 'ENABLED',
  DISABLED: 'DISABLED',
};

/** The version in our words. */
export function secretVersion(message: unknown): SecretVersion {
  const { name, state } = Version.parse(message);
  const number = Number(name.slice(name.lastIndexOf('/') + 1));
  return { number, state: ownValue(states, state) ?? 'DESTROYED' };
}
