import { rm } from 'node:fs/promises';
import { Failure } from '../failure.ts';
import { readObject } from '../gcp/objects.ts';
import { packImage, unpackImage } from '../images/layout.ts';
import type { ReleaseShelf } from '../site.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { filesIn, packFiles, unpackFiles } from './archive.ts';
import { releaseId } from './contents.ts';
import type { Contents } from './contents.ts';
import { imageObject } from './image-object.ts';
import { mendObject } from './mend-object.ts';
import { BundledImages, releaseObject } from './store.ts';
import { readStored } from '../stored-json.ts';

type Files = ReadonlyMap<string, Buffer>;

/**
 * Makes the bundle of a release and its images what their names say, from older generations in the
 * bucket or from the tree at hand; answers what it did, a line each. A Failure names what is lost.
 */
export async function mendRelease(
  shelf: ReleaseShelf,
  id: string,
  tree: Contents | undefined,
): Promise<readonly string[]> {
  const made = tree && releaseId(tree.files);
  const name = releaseObject(id);
  const isRight = async (content: Buffer) => releaseId(await filesOf(content)) === id;
  const spare = tree && made === id ? await packFiles(tree.files) : undefined;
  const done = await mendObject(shelf, { name, isRight, spare });
  if (done === 'lost') throw lost(shelf, name, made);
  const said = [`${name}: ${done}`];
  for (const digest of await imagesOf(shelf, name))
    said.push(...(await mendImage(shelf, digest, tree)));
  return said;
}

/** An image that the bucket never had is in the registry, or missed by name once it is needed. */
async function mendImage(
  shelf: ReleaseShelf,
  digest: string,
  tree: Contents | undefined,
): Promise<readonly string[]> {
  const name = imageObject(digest);
  const { google, releaseBucket: bucket } = shelf;
  const built = Object.values(tree?.built ?? {}).find((image) => image.digest === digest);
  if (!built && !(await readObject(google, { bucket, name }))) return [];
  const isRight = async (content: Buffer) => isImage(content, digest);
  const done = await mendObject(shelf, { name, isRight, spare: built && packImage(built) });
  if (done === 'lost') throw lost(shelf, name, tree && releaseId(tree.files));
  return [`${name}: ${done}`];
}

/** Digests of the images that a bundle names and Windlass built. */
async function imagesOf(shelf: ReleaseShelf, name: string): Promise<readonly string[]> {
  const content = await readObject(shelf.google, { bucket: shelf.releaseBucket, name });
  const images = content && (await filesOf(content)).get('images.json');
  const where = `images.json in gs://${shelf.releaseBucket}/${name}`;
  const what = 'The list of a release’s images';
  const named = readStored(images ?? '', { schema: BundledImages, what, where });
  return Object.values(named).filter((image) => image.startsWith('sha256:'));
}

/** What a bundle holds; nothing where it cannot be unpacked. */
async function filesOf(archive: Buffer): Promise<Files> {
  const folder = await temporaryFolder('repair');
  try {
    await unpackFiles(archive, folder);
    return await filesIn(folder);
  } catch {
    return new Map();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isImage(content: Buffer, digest: string): boolean {
  try {
    return unpackImage(content).digest === digest;
  } catch {
    return false;
  }
}

function lost({ releaseBucket }: ReleaseShelf, name: string, made: string | undefined): Failure {
  return new Failure({
    code: 'RELEASE_LOST',
    what: `No intact copy of ${name} was found`,
    why: `no generation in ${releaseBucket} matches its name, and this tree makes ${made ?? 'no release'}`,
    fix: 'Check out the commit that it was made from (`windlass releases list -e ENVIRONMENT` shows it) and run this again, or deploy another release.',
  });
}
