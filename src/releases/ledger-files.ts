import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listObjects, readObject } from '../gcp/objects.ts';
import type { ReleaseShelf, Site } from '../site.ts';
import type { LedgerFile } from './verify-ledger.ts';

const prefix = 'ledger/';

/** Every entry of the environment's ledger, byte for byte. */
export async function ledgerInBucket(site: ReleaseShelf): Promise<readonly LedgerFile[]> {
  const objects = await listObjects(site.google, site.releaseBucket, prefix);
  return Promise.all(
    objects.map(async ({ name }) => {
      const content = await readObject(site.google, { bucket: site.releaseBucket, name });
      return { name: name.slice(prefix.length), text: String(content) };
    }),
  );
}

/** A ledger that was downloaded into `folder`; needs no cloud. */
export async function ledgerInFolder(folder: string): Promise<readonly LedgerFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
}

/** Writes the ledger into `folder`; the number of entries. */
export async function downloadLedger(site: Site, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const files = await ledgerInBucket(site);
  for (const { name, text } of files) await writeFile(join(folder, name), text);
  return files.length;
}
