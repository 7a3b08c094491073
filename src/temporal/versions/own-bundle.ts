import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPackage, programCache, programFile } from '../../program-files.ts';
import { replaceText } from '../../terraform/write-whole.ts';
import { bundleOf } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import { sdkVersion } from './sdk-version.ts';
import { shelve, shelved } from './shelf.ts';

/**
 * The bundle of this very code: the one that was built before (`WINDLASS_WORKFLOW_BUNDLE`, or with the
 * package), else the one that was made of the same sources last time, else a new one (2 to 5 s).
 */
export async function ownBundle(home: string): Promise<Bundle> {
  const bundle = (await prebuilt()) ?? (await ofTheSources(home));
  await shelve(home, bundle);
  return bundle;
}

async function prebuilt(): Promise<Bundle | undefined> {
  const packed = isPackage ? programFile('workflows.bundle.js') : undefined;
  const file = process.env['WINDLASS_WORKFLOW_BUNDLE'] ?? packed;
  return file === undefined ? undefined : bundleOf(await readFile(file, 'utf8'));
}

async function ofTheSources(home: string): Promise<Bundle> {
  const digest = await sourcesDigest();
  const before = (await madeBefore(home, digest)) ?? (await madeBefore(programHome(), digest));
  if (before) return before;
  const { bundledWorkflows } = await import('../bundle-workflows.ts');
  const bundle = bundleOf(await bundledWorkflows());
  await shelve(home, bundle);
  await replaceText(noteOf(home, digest), bundle.buildId);
  return bundle;
}

/** `make setup` makes it here, so that the first worker of a project need not. */
export function programHome(): string {
  return dirname(programCache('bundles'));
}

async function madeBefore(home: string, digest: string): Promise<Bundle | undefined> {
  const known = await readFile(noteOf(home, digest), 'utf8').catch(() => undefined);
  return known === undefined ? undefined : shelved(home, known.trim());
}

function noteOf(home: string, digest: string): string {
  return join(home, 'bundles', `of-${digest}`);
}

/** All that may stand in a bundle: the workflows, the pure root of src, and what that takes along. */
export const bundledFolders = ['workflows', 'src', join('src', 'redaction')] as const;

/** Of that, and of the list of activities. */
async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256').update(await sdkVersion());
  const files = (await Promise.all(bundledFolders.map(sourcesIn))).flat().sort();
  for (const file of [...files, join('activities', 'index.ts')])
    hash.update(`${file}\n`).update(await readFile(programFile(file)));
  return hash.digest('hex').slice(0, 32);
}

async function sourcesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(programFile(folder), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(folder, entry.name));
}
