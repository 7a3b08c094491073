import type { GoogleAccess, Waiting } from '../../gcp/access.ts';
import { imageExists, isGoogles } from '../../gcp/registry.ts';
import { readReference } from '../image-reference.ts';
import { findDigest } from './find-digest.ts';
import { registryDoor } from './registry-door.ts';

/**
 * Whether the registry has the image of a digest. One of another house that does not let us in, or
 * does not answer, is believed: Cloud Run is the one that must reach it.
 */
export async function imageKnown(
  google: GoogleAccess,
  reference: string,
  waiting: Waiting = {},
): Promise<boolean> {
  const read = readReference(reference);
  if (!read || isGoogles(read.host)) return imageExists(google, reference, waiting);
  const found = await findDigest(read, registryDoor(read.host));
  return found.digest !== undefined || found.kind !== 'missing';
}
