import { z } from 'zod';
import { Config } from '../config/config.ts';
import type { ReleaseRef } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { listObjects, putOnce, readObject } from '../gcp/objects.ts';
import { packImage } from '../images/layout.ts';
import type { Site } from '../site.ts';
import { packFiles, sha256, unpackFiles } from './archive.ts';
import { releaseId } from './contents.ts';
import type { Contents } from './contents.ts';

/** Writes a release and its images once; the same content again is no change. */
export async function storeRelease(site: Site, contents: Contents): Promise<ReleaseRef> {
  const id = releaseId(contents.files);
  const archive = await packFiles(contents.files);
  for (const image of Object.values(contents.built))
    await putOnce(site.google, at(site, imageObject(image.digest)), packImage(image));
  const object = releaseObject(id);
  const digest = sha256(archive);
  await putOnce(site.google, at(site, object), archive, { metadata: { sha256: digest } });
  return { id, object, sha256: digest };
}

/** The reference of a stored release; a Failure when there is none of that id. */
export async function findRelease(site: Site, id: string): Promise<ReleaseRef> {
  const object = releaseObject(id);
  const archive = await readObject(site.google, at(site, object));
  if (archive) return { id, object, sha256: sha256(archive) };
  throw new Failure({
    code: 'RELEASE_UNKNOWN',
    what: `There is no release ${id}`,
    why: `the bucket ${site.releaseBucket} holds no ${object}`,
    fix: 'List the releases with `windlass releases`.',
  });
}

/** Unpacks a stored release into `folder`, refusing bytes that differ from its digest. */
export async function checkOutRelease(
  site: Site,
  release: ReleaseRef,
  folder: string,
): Promise<void> {
  const archive = await readObject(site.google, at(site, release.object));
  if (!archive || sha256(archive) !== release.sha256)
    throw new Failure({
      code: 'RELEASE_DAMAGED',
      what: `The bundle of release ${release.id} is ${archive ? 'damaged' : 'gone'}`,
      why: `${release.object} should have the sha256 ${release.sha256}`,
      fix: 'Restore the object from an older generation, or deploy another release.',
    });
  await unpackFiles(archive, folder);
}

/** Ids of all stored releases, oldest first, with the time of writing (ISO 8601). */
export async function listReleases(site: Site): Promise<readonly { id: string; at: string }[]> {
  const objects = await listObjects(site.google, site.releaseBucket, 'releases/');
  return objects.map(({ name, createdAt }) => ({
    id: name.slice('releases/'.length, -'.tar'.length),
    at: createdAt,
  }));
}

/** The bundle's own copies of windlass.yaml and of the image digests. */
export const BundledConfig = Config;
export const BundledImages = z.record(z.string(), z.string());

/** Where an image lies in the release bucket. */
export function imageObject(digest: string): string {
  return `images/${digest.replace(':', '-')}.tar`;
}

function releaseObject(id: string): string {
  return `releases/${id}.tar`;
}

function at(site: Site, name: string): { readonly bucket: string; readonly name: string } {
  return { bucket: site.releaseBucket, name };
}
