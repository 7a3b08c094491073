import { Failure } from '../failure.ts';
import { putOnce, readObject, statObject } from '../gcp/objects.ts';
import { BuildRecord } from '../images/build-record.ts';
import type { BuildShelf } from '../images/build-record.ts';
import type { Image } from '../images/image.ts';
import { packImage } from '../images/layout.ts';
import type { ReleaseShelf } from '../site.ts';
import { imageObject } from './image-object.ts';
import { readStored } from '../stored-json.ts';

/**
 * The builds of an environment, in its release bucket: `builds/INPUT.json` is written once, so every
 * machine deploys the image that the first one built.
 */
export function buildShelf(shelf: ReleaseShelf): BuildShelf {
  return {
    find: async (input) => {
      const record = await readRecord(shelf, input);
      return record && (await isKept(shelf, record.manifest)) ? record : undefined;
    },
    keep: async (record, image) => {
      const { google } = shelf;
      await putImageOnce(shelf, image);
      const content = Buffer.from(`${JSON.stringify(record, null, 2)}\n`);
      const options = { contentType: 'application/json' };
      const written = putOnce(google, at(shelf, buildObject(record.input)), content, options);
      const won = await written.then(
        () => true,
        (error: unknown) => ifAnothers(error),
      );
      return won ? record : ((await readRecord(shelf, record.input)) ?? record);
    },
  };
}

/** Where the record of a build lies in the release bucket. */
function buildObject(input: string): string {
  return `builds/${input.replace(':', '-')}.json`;
}

/** Writes the image under its digest; the same image there already is no change. */
export async function putImageOnce(shelf: ReleaseShelf, image: Image): Promise<void> {
  if (await isKept(shelf, image.digest)) return;
  await putOnce(shelf.google, at(shelf, imageObject(image.digest)), packImage(image));
}

async function isKept(shelf: ReleaseShelf, digest: string): Promise<boolean> {
  return (await statObject(shelf.google, at(shelf, imageObject(digest)))) !== undefined;
}

async function readRecord(shelf: ReleaseShelf, input: string): Promise<BuildRecord | undefined> {
  const ref = at(shelf, buildObject(input));
  const content = await readObject(shelf.google, ref);
  const what = 'The record of a build';
  const where = `gs://${ref.bucket}/${ref.name}`;
  const fix = `Delete ${where}: the image is built anew.`;
  return content && readStored(content, { schema: BuildRecord, what, where, fix });
}

function ifAnothers(error: unknown): false {
  if (error instanceof Failure && error.code === 'OBJECT_DIFFERS') return false;
  throw error;
}

function at({ releaseBucket: bucket }: ReleaseShelf, name: string) {
  return { bucket, name };
}
