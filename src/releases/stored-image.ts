import { Failure } from '../failure.ts';
import { readObject } from '../gcp/objects.ts';
import type { Image } from '../images/image.ts';
import { unpackImage } from '../images/layout.ts';
import type { ReleaseShelf } from '../site.ts';
import { imageObject } from './image-object.ts';

/** The image of a digest from the release bucket; undefined where it has none, IMAGE_DAMAGED where it is another. */
export async function storedImage(
  { google, releaseBucket: bucket }: ReleaseShelf,
  digest: string,
): Promise<Image | undefined> {
  const name = imageObject(digest);
  const packed = await readObject(google, { bucket, name });
  return packed && proven(packed, digest, `gs://${bucket}/${name}`);
}

function proven(packed: Buffer, digest: string, object: string): Image {
  try {
    const image = unpackImage(packed);
    if (image.digest === digest) return image;
    throw new TypeError(`it is the image ${image.digest}`);
  } catch (cause) {
    throw new Failure({
      code: 'IMAGE_DAMAGED',
      what: `A stored image does not match its digest`,
      why: `${object}: ${cause instanceof Failure ? cause.why : String(cause)}`,
      fix: '`windlass releases repair RELEASE -e ENVIRONMENT` restores it from an older generation in the bucket, or from the tree that the release was made from.',
      cause,
    });
  }
}
