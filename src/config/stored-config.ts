import { z } from 'zod';
import type { Stored } from '../deploy.ts';
import { Failure } from '../failure.ts';
import type { GoogleAccess } from '../gcp/access.ts';
import { putOnce, readObject } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import { Config } from './config.ts';
import { readStored } from '../stored-json.ts';

/** A caller's windlass.yaml as it lies in the release bucket. */
const Kept = z.object({ version: z.literal(1), config: Config });

/** Where a configuration is read from or written to. */
interface Shelf {
  readonly google: GoogleAccess;
  readonly bucket: string;
}

/** Writes a configuration once, under its digest, for the worker that carries out the run. */
export async function storeConfig({ google, bucket }: Shelf, config: Config): Promise<Stored> {
  const content = Buffer.from(`${JSON.stringify({ version: 1, config }, null, 2)}\n`);
  const digest = sha256(content);
  const object = `configurations/${digest}.json`;
  await putOnce(google, { bucket, name: object }, content);
  return { object, sha256: digest };
}

const known = new Map<string, Config>();

/** Reads a configuration back; a Failure where the bytes are not those that the caller wrote. */
export async function readStoredConfig(shelf: Shelf, stored: Stored): Promise<Config> {
  const already = known.get(stored.sha256);
  if (already) return already;
  const { google, bucket } = shelf;
  const content = await readObject(google, { bucket, name: stored.object });
  if (!content || sha256(content) !== stored.sha256) throw damaged(shelf, stored, content);
  const what = 'The run’s copy of windlass.yaml';
  const { config } = readStored(content, { schema: Kept, what, where: stored.object });
  known.set(stored.sha256, config);
  return config;
}

function damaged({ bucket }: Shelf, stored: Stored, content: Buffer | undefined): Failure {
  return new Failure({
    code: 'CONFIG_DAMAGED',
    what: `The run's copy of windlass.yaml is ${content ? 'damaged' : 'missing'}`,
    why: `${bucket}/${stored.object} should have the sha256 ${stored.sha256}`,
    fix: `Delete that object if it exists, and start the run again: it is written again.`,
  });
}
