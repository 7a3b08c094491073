import { z } from 'zod';
import { putOnce, readObject } from '../gcp/objects.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { refusal } from './refused.ts';
import { readStored } from '../stored-json.ts';

const Anchor = z.object({ version: z.literal(1), releaseBucket: z.string() });

/**
 * Whether people were ever named for the project. Refuses a release bucket that is not the one in which the project’s people stand. A run may say where
 * its release bucket is, and people of its own choice would stand there; the bucket of the states is
 * the project’s by its name.
 */
export async function namesPeople(site: Site): Promise<boolean> {
  const text = await readObject(site.google, ref(site));
  if (text === undefined) return false;
  const { bucket, name } = ref(site);
  const { releaseBucket } = readStored(text, {
    schema: Anchor,
    what: `Where the people of ${site.name} stand`,
    where: `gs://${bucket}/${name}`,
  });
  if (releaseBucket === site.releaseBucket) return true;
  throw elsewhere(site, releaseBucket);
}

/** Says for good in which bucket the people of a project stand. */
export async function dropAnchor(site: Site): Promise<void> {
  const { releaseBucket } = site;
  const content = Buffer.from(`${JSON.stringify({ version: 1, releaseBucket })}\n`);
  await putOnce(site.google, ref(site), content).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'OBJECT_DIFFERS') throw elsewhere(site, '?');
    throw error;
  });
}

function ref({ stateBucket: bucket }: Site) {
  return { bucket, name: 'trust/anchor.json' };
}

function elsewhere({ releaseBucket, stateBucket }: Site, anchored: string) {
  return refusal(
    'RUN_NOT_AUTHORIZED',
    `it names the release bucket ${releaseBucket}, and the people of this project stand in ${anchored}`,
    `Use windlass.yaml with that bucket. To move it: copy all of it first, then delete ${stateBucket}/trust/anchor.json.`,
  );
}
