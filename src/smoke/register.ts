import { keyId } from '../backups/keys.ts';
import { sealBytes, unsealBytes } from '../backups/seal-bytes.ts';
import { removeObject } from '../gcp/object-changes.ts';
import { listObjects, putOnce, readObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { Thing } from './thing.ts';
import { readStored } from '../stored-json.ts';

/** Where a run's smoke test writes down, before it makes a thing, what must be removed. */
export interface Register {
  readonly add: (thing: Thing) => Promise<void>;
  /** All that was written down and is not crossed out, the newest first. */
  readonly all: () => Promise<readonly Entry[]>;
  readonly crossOut: (entry: Entry) => Promise<void>;
}

interface Entry {
  readonly object: string;
  readonly thing: Thing;
}

type Shelf = Pick<Site, 'google' | 'releaseBucket' | 'backupKeys'>;

/**
 * The register of a run. It lies in the release bucket, sealed, an object for each thing: whoever
 * goes on after this process was killed, on whatever machine, finds it there.
 */
export async function openRegister(site: Shelf, runId: string): Promise<Register> {
  const { google, releaseBucket: bucket, backupKeys } = site;
  const below = `smoke/${runId}/`;
  let next = await firstFree(site, below);
  return {
    add: async (thing) => {
      // Numbered as it is asked for: the key may be read sooner for the second of two.
      const name = `${below}${String(next).padStart(6, '0')}`;
      next += 1;
      const key = await backupKeys.current();
      const sealed = sealBytes(Buffer.from(JSON.stringify(thing)), key);
      await putOnce(google, { bucket, name }, sealed, { metadata: { keyId: keyId(key) } });
    },
    all: async () => {
      const objects = await listObjects(google, bucket, below);
      const newest = objects.map(({ name }) => name).sort((a, b) => (a < b ? 1 : -1));
      const keyIds = new Map(
        objects.map(({ name, metadata }) => [name, metadata?.['keyId'] ?? '']),
      );
      const read = newest.map((object) => readThing(site, object, keyIds.get(object) ?? ''));
      return (await Promise.all(read)).flat();
    },
    crossOut: ({ object }) => removeObject(google, { bucket, name: object }),
  };
}

async function firstFree({ google, releaseBucket }: Shelf, below: string): Promise<number> {
  const objects = await listObjects(google, releaseBucket, below);
  const numbers = objects.map(({ name }) => Number(name.slice(below.length)));
  return Math.max(0, ...numbers) + 1;
}

async function readThing(
  { google, releaseBucket: bucket, backupKeys }: Shelf,
  object: string,
  id: string,
): Promise<readonly Entry[]> {
  const sealed = await readObject(google, { bucket, name: object });
  if (sealed === undefined) return [];
  const plain = unsealBytes(sealed, await backupKeys.byId(id), object);
  const what = 'What a smoke test made';
  const where = `gs://${bucket}/${object}`;
  return [{ object, thing: readStored(plain, { schema: Thing, what, where }) }];
}
