import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { Config } from '../config/config.ts';
import type { ReleaseRef } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { listObjects, putOnce, readObject, statObject } from '../gcp/objects.ts';
import { packImage } from '../images/layout.ts';
import type { ReleaseShelf, Site } from '../site.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { TreeFacts } from '../tree-facts.ts';
import { filesIn, packFiles, sha256, unpackFiles } from './archive.ts';
import { releaseId } from './contents.ts';
import { imageObject } from './image-object.ts';
import type { Contents } from './contents.ts';
import { treeInMetadata, treeMetadata } from './tree-facts.ts';

/** Writes a release and its images once; the same content again is no change. */
export async function storeRelease(
  site: Site,
  contents: Contents,
  tree?: TreeFacts,
): Promise<ReleaseRef> {
  const id = releaseId(contents.files);
  const archive = await packFiles(contents.files);
  for (const image of Object.values(contents.built))
    await putOnce(site.google, at(site, imageObject(image.digest)), packImage(image));
  const object = releaseObject(id);
  const digest = sha256(archive);
  const metadata = { sha256: digest, ...(tree && treeMetadata(tree)) };
  const stored = await putOnce(site.google, at(site, object), archive, { metadata }).catch(
    (error: unknown) => ifOtherBytes(error),
  );
  return stored ? { id, object, sha256: digest } : sameContent(site, id);
}

/** Other bytes than ours may be the same files, packed by another version of the archiver. */
function ifOtherBytes(error: unknown): undefined {
  if (error instanceof Failure && error.code === 'OBJECT_DIFFERS') return undefined;
  throw error;
}

/** The release that lies there already; RELEASE_DAMAGED where it is another than its id says. */
async function sameContent(site: ReleaseShelf, id: string): Promise<ReleaseRef> {
  const found = await findRelease(site, id);
  const folder = await temporaryFolder('release');
  try {
    await checkOutRelease(site, found, folder);
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The reference of a stored release; a Failure when there is none of that id. */
export async function findRelease(site: ReleaseShelf, id: string): Promise<ReleaseRef> {
  const object = releaseObject(id);
  const archive = await readObject(site.google, at(site, object));
  if (archive) return { id, object, sha256: sha256(archive) };
  throw new Failure({
    code: 'RELEASE_UNKNOWN',
    what: `There is no release ${id}`,
    why: `the bucket ${site.releaseBucket} holds no ${object}`,
    fix: 'List the releases with `windlass releases list -e ENVIRONMENT`.',
  });
}

/** The release, where its bundle is the one that the caller saw; RELEASE_DAMAGED where it was replaced. */
export function sameRelease(
  site: ReleaseShelf,
  release: ReleaseRef,
  wanted: string | undefined,
): ReleaseRef {
  if (wanted === undefined || wanted === release.sha256) return release;
  throw damaged(site, release.id, `its caller saw the sha256 ${wanted}, it has ${release.sha256}`);
}

/** Unpacks a stored release into `folder`; RELEASE_DAMAGED where it is not what its id says. */
export async function checkOutRelease(
  site: ReleaseShelf,
  release: ReleaseRef,
  folder: string,
): Promise<void> {
  const archive = await readObject(site.google, at(site, release.object));
  if (!archive) throw damaged(site, release.id, 'it is missing');
  const digest = sha256(archive);
  if (digest !== release.sha256)
    throw damaged(site, release.id, `it should have the sha256 ${release.sha256}, not ${digest}`);
  const id = releaseId(await unpackedFiles(archive, folder, site, release.id));
  if (id !== release.id) throw damaged(site, release.id, `the bundle there is ${id}`);
}

/** Unpacks the archive and answers all that it holds, byte for byte. */
async function unpackedFiles(
  archive: Buffer,
  folder: string,
  site: ReleaseShelf,
  id: string,
): Promise<ReadonlyMap<string, Buffer>> {
  await unpackFiles(archive, folder).catch((cause: unknown) => {
    throw damaged(site, id, `it cannot be unpacked: ${String(cause)}`, cause);
  });
  return filesIn(folder);
}

function damaged(
  { releaseBucket }: ReleaseShelf,
  id: string,
  why: string,
  cause?: unknown,
): Failure {
  const object = `gs://${releaseBucket}/${releaseObject(id)}`;
  return new Failure({
    code: 'RELEASE_DAMAGED',
    what: `The bundle of release ${id} does not match its id`,
    why: `${object}: ${why}`,
    fix: `\`windlass releases repair ${id} -e ENVIRONMENT\` restores it from an older generation in the bucket, or from the tree that it was made from. Then find out who changed it.`,
    cause,
  });
}

/** What a stored release was made from, as whoever stored it first knew; undefined = nobody said. */
export async function treeOf(site: ReleaseShelf, id: string): Promise<TreeFacts | undefined> {
  return treeInMetadata((await statObject(site.google, at(site, releaseObject(id))))?.metadata);
}

/** A release as the list names it. */
export interface ListedRelease {
  readonly id: string;
  /** When it was written (ISO 8601). */
  readonly at: string;
  readonly tree?: TreeFacts;
}

/** All stored releases, oldest first. */
export async function listReleases(site: Site): Promise<readonly ListedRelease[]> {
  const objects = await listObjects(site.google, site.releaseBucket, 'releases/');
  return objects.map(({ name, createdAt, metadata }) => {
    const tree = treeInMetadata(metadata);
    const id = name.slice('releases/'.length, -'.tar'.length);
    return { id, at: createdAt, ...(tree && { tree }) };
  });
}

/** The bundle's own copies of windlass.yaml and of the image digests. */
export const BundledConfig = Config;
export const BundledImages = z.record(z.string(), z.string());

/** How each image came about; bundles from before this file had but processes and references. */
export const BundledBuilds = z.object({
  version: z.literal(1),
  services: z.record(z.string(), z.looseObject({ kind: z.string(), image: z.string().optional() })),
});

/** Where the bundle of a release lies in the release bucket. */
export function releaseObject(id: string): string {
  return `releases/${id}.tar`;
}

function at(site: ReleaseShelf, name: string): { readonly bucket: string; readonly name: string } {
  return { bucket: site.releaseBucket, name };
}
