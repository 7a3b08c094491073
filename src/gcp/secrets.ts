import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { done, restOptions } from './official.ts';

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
  const call = secretsOf(access).listSecretVersions({ parent: secretPath(access, secret) });
  const deed = { action: `list the versions of secret ${secret}` };
  const [versions] = await done(deed, call, waiting);
  return versions.map(secretVersion).sort((a, b) => b.number - a.number);
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
  const name = versionPath(access, which.secret, which.version);
  const deed = { action: `read version ${which.version} of secret ${which.secret}` };
  const [answer] = await done(deed, secretsOf(access).accessSecretVersion({ name }), waiting);
  const data = answer.payload?.data;
  if (data === null || data === undefined)
    throw new Failure({
      code: 'SECRET_EMPTY',
      what: `Version ${which.version} of secret ${which.secret} is empty`,
      why: 'Google answered without a payload.',
      fix: 'Add a new version with a value.',
    });
  return typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data);
}

/** Disables a version, so that nobody reads it and it can come back; safe to run twice. */
export async function disableVersion(
  access: GoogleAccess,
  which: { readonly secret: string; readonly version: number },
  waiting: Waiting = {},
): Promise<void> {
  const name = versionPath(access, which.secret, which.version);
  const deed = { action: `disable version ${which.version} of ${which.secret}`, mutating: true };
  await done(deed, secretsOf(access).disableSecretVersion({ name }), waiting);
}

/** Enables a disabled version again; safe to run twice. */
export async function enableVersion(
  access: GoogleAccess,
  which: { readonly secret: string; readonly version: number },
  waiting: Waiting = {},
): Promise<void> {
  const name = versionPath(access, which.secret, which.version);
  const deed = { action: `enable version ${which.version} of ${which.secret}`, mutating: true };
  await done(deed, secretsOf(access).enableSecretVersion({ name }), waiting);
}

/** Google's client of Secret Manager. */
export function secretsOf(access: GoogleAccess): SecretManagerServiceClient {
  return new SecretManagerServiceClient(restOptions(access, access.endpoints.secretManager));
}

/** The full resource name of a secret. */
export function secretPath(access: GoogleAccess, secret: string): string {
  return `projects/${access.project}/secrets/${secret}`;
}

function versionPath(access: GoogleAccess, secret: string, version: number | string): string {
  return `${secretPath(access, secret)}/versions/${version}`;
}

const Version = z.object({
  name: z.string(),
  state: z.union([z.number(), z.string()]).nullish(),
});

/** Google's numbers and names of a version's state (SecretVersion.State). */
const states: Readonly<Record<string, SecretVersion['state']>> = {
  1: 'ENABLED',
  2: 'DISABLED',
  3: 'DESTROYED',
  ENABLED: 'ENABLED',
  DISABLED: 'DISABLED',
};

/** The version in our words, from the message that Google's client decoded. */
export function secretVersion(message: unknown): SecretVersion {
  const { name, state } = Version.parse(message);
  const number = Number(name.slice(name.lastIndexOf('/') + 1));
  return { number, state: states[String(state)] ?? 'DESTROYED' };
}
