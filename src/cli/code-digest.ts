import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from '../endpoints.ts';
import { programFile } from '../program-files.ts';

const folders = ['src', 'activities', 'workflows', 'infra/policy'];
const settings = [
  'WINDLASS_PROVIDER',
  'WINDLASS_CODEC_KEY_FILE',
  'WINDLASS_CODEC_PLAINTEXT',
  'TF_CLI_CONFIG_FILE',
];

/** Digest of the code and the settings that a worker runs with: another means another worker. */
export async function codeDigest({ root }: Place): Promise<string> {
  const hash = createHash('sha256').update(root);
  for (const folder of folders)
    for (const file of await sourcesIn(programFile(folder))) hash.update(await readFile(file));
  for (const name of settings) hash.update(`${name}=${process.env[name] ?? ''}\n`);
  return hash.digest('hex');
}

async function sourcesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.([jt]s|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
