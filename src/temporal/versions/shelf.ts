import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceText } from '../../terraform/write-whole.ts';
import { bundleOf } from './bundle.ts';
import type { Bundle } from './bundle.ts';

/** Keeps a bundle on this machine. */
export async function shelve(home: string, bundle: Bundle): Promise<void> {
  if ((await shelved(home, bundle.buildId)) !== undefined) return;
  await replaceText(shelfFile(home, bundle.buildId), bundle.code);
}

/** A bundle that this machine keeps; undefined where it has none of that digest. */
export async function shelved(home: string, buildId: string): Promise<Bundle | undefined> {
  const code = await readFile(shelfFile(home, buildId), 'utf8').catch(() => undefined);
  const bundle = code === undefined ? undefined : bundleOf(code);
  return bundle?.buildId === buildId ? bundle : undefined;
}

/** Where a bundle lies on this machine. */
export function shelfFile(home: string, buildId: string): string {
  return join(home, 'bundles', `${buildId}.js`);
}
