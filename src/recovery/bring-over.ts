import { readManifest } from '../backups/read-backup.ts';
import type { Recovery } from '../deploy.ts';
import { putOnce, readObject } from '../gcp/objects.ts';
import { releasedImages } from '../releases/released-images.ts';
import { imageObject } from '../releases/image-object.ts';
import { storedImage } from '../releases/stored-image.ts';
import type { Site } from '../site.ts';

/** Copies the release, its images and the backup from another environment's bucket into ours. */
export async function bringOver(origin: Site, site: Site, recovery: Recovery): Promise<void> {
  const { release, backup } = recovery;
  const images = Object.values(await releasedImages(origin, release));
  const built = images.filter((image) => image.startsWith('sha256:'));
  for (const digest of built) await storedImage(origin, digest); // a damaged one is not carried over
  const manifest = backup && (await readManifest(origin, backup));
  const names = [
    release.object,
    ...built.map(imageObject),
    ...(manifest?.database ? [manifest.database.object] : []),
    ...(backup ? [backup.object] : []),
  ];
  for (const name of names) {
    const content = await readObject(origin.google, { bucket: origin.releaseBucket, name });
    if (content) await putOnce(site.google, { bucket: site.releaseBucket, name }, content);
  }
}
