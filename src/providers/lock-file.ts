import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** The file beside windlass.yaml that says which build of each provider Terraform may run. */
export const lockFileName = 'windlass.lock.hcl';

/** Where it is, whether it exists or not. */
export function lockFileOf(root: string): string {
  return join(root, lockFileName);
}

/** What it holds; undefined where there is none. */
export async function lockFileText(root: string): Promise<string | undefined> {
  return readFile(lockFileOf(root), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** A provider at the version and with the checksums that the file records. */
export interface LockedProvider {
  readonly source: string;
  readonly version: string;
  /** `h1:` of an unpacked, `zh:` of a packed provider, one for each platform. */
  readonly hashes: readonly string[];
}

/** The providers of a lock file; PROVIDERS_LOCK_UNREADABLE where it is not as Terraform writes one. */
export function readProvidersLock(text: string): readonly LockedProvider[] {
  const found = [...text.matchAll(block)].map(([, source = '', body = '']) => ({
    source,
    version: /^\s*version\s*=\s*"([^"]+)"/m.exec(body)?.[1] ?? '',
    hashes: [...body.matchAll(/"((?:h1|zh):[^"]+)"/g)].flatMap(([, hash]) => hash ?? []),
  }));
  const broken = found.find(({ version, hashes }) => version === '' || hashes.length === 0);
  if (found.length === 0) throw unreadable('it names no provider');
  if (broken) throw unreadable(`${broken.source} has no version or no checksum`);
  return found;
}

const block = /^provider "([^"\n]+)" \{\n([\s\S]*?)^\}/gm;

function unreadable(why: string): Failure {
  return new Failure({
    code: 'PROVIDERS_LOCK_UNREADABLE',
    what: `${lockFileName} cannot be read`,
    why,
    fix: `Remove ${lockFileName}, then write it anew: \`windlass lock\`.`,
  });
}

/** Refuses an environment in the cloud whose providers are bound to no checksum. */
export function refuseUnlocked(root: string, environment: string): void {
  if (!existsSync(lockFileOf(root))) throw unlocked(environment);
}

/** The Failure for an environment whose providers are bound to no checksum. */
export function unlocked(environment: string): Failure {
  return new Failure({
    code: 'PROVIDERS_UNLOCKED',
    what: `${environment} is in the cloud, and its Terraform providers are not locked`,
    why: `${lockFileName} does not exist, so whatever answers as the registry decides what runs with the deployer's rights`,
    fix: 'Write it with `windlass lock` and commit it.',
  });
}
