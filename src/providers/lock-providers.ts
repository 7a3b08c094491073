import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { Failure } from '../failure.ts';
import { programFile } from '../program-files.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { ownConfiguration, terraformBinary } from '../terraform/binary.ts';
import { terraformEnvironment } from '../terraform/environment.ts';
import { lockFileName, readProvidersLock } from './lock-file.ts';
import type { LockedProvider } from './lock-file.ts';

/** Where workers and people run; a machine of another kind refuses to plan. */
export const platforms = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'] as const;

/** Where providers come from: the registry, or a folder that mirrors it. */
export interface Source {
  readonly mirror?: string | undefined;
  /** The text of the lock file that is there: its versions stay. */
  readonly before?: string | undefined;
}

/** The arguments of `terraform providers lock`. */
export function lockArgs(mirror?: string): readonly string[] {
  const from = mirror === undefined ? [] : [`-fs-mirror=${mirror}`];
  return ['providers', 'lock', '-no-color', ...platforms.map((one) => `-platform=${one}`), ...from];
}

/**
 * Has Terraform fetch the providers of the stacks for every platform, and answers its lock file.
 * PROVIDER_ALTERED where a version that is locked comes with other checksums now; nothing is written.
 */
export async function lockProviders({ mirror, before }: Source): Promise<string> {
  const folder = await temporaryFolder('lock');
  try {
    await copyFile(
      programFile('infra', 'stacks', '10-foundation', 'versions.tf'),
      join(folder, 'versions.tf'),
    );
    const file = join(folder, '.terraform.lock.hcl');
    if (before !== undefined) await writeFile(file, before);
    const env = terraformEnvironment(process.env, join(folder, 'data'), ownConfiguration());
    const ended = await execa(terraformBinary(), lockArgs(mirror), {
      ...{ cwd: folder, env, extendEnv: false, reject: false },
    });
    if (ended.exitCode !== 0) throw notFetched(ended.stderr);
    const text = await readFile(file, 'utf8');
    if (before !== undefined) refuseAltered(readProvidersLock(before), readProvidersLock(text));
    return text;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function notFetched(stderr: string): Failure {
  const said = stderr.slice(Math.max(0, stderr.indexOf('Error: ')));
  return new Failure({
    code: 'PROVIDERS_NOT_FETCHED',
    what: 'The providers cannot be fetched, so nothing was locked',
    why: said.replaceAll(/\s+/g, ' ').trim().slice(0, 600) || 'Terraform does not say why',
    fix: 'Run `windlass lock` where the registry can be reached, or name a folder that mirrors it: `windlass lock --mirror FOLDER`.',
  });
}

// Terraform itself adds the new checksums beside the old ones, and trusts both from then on.
function refuseAltered(before: readonly LockedProvider[], after: readonly LockedProvider[]): void {
  for (const { source, version, hashes } of after) {
    const known = before.find((one) => one.source === source && one.version === version);
    const unpacked = (known?.hashes ?? []).filter((hash) => hash.startsWith('h1:'));
    if (!known || unpacked.length < platforms.length) continue; // other platforms are added
    const other = hashes.filter((hash) => hash.startsWith('h1:') && !known.hashes.includes(hash));
    if (other.length > 0) throw altered(source, version, other);
  }
}

function altered(source: string, version: string, other: readonly string[]): Failure {
  return new Failure({
    code: 'PROVIDER_ALTERED',
    what: `${source} ${version} is not what ${lockFileName} recorded`,
    why: `the same version came with other checksums: ${other.join(', ')}`,
    fix: `Find out who changed it. Nothing was written; to trust what comes now, remove ${lockFileName} and run \`windlass lock\` again.`,
  });
}
