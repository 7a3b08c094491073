import { Failure } from '../failure.ts';
import { fullReference, requireReference } from './image-reference.ts';
import type { ImageRoom } from './image-room.ts';
import { findDigest } from './registries/find-digest.ts';
import { registryDoor } from './registries/registry-door.ts';

/** An image that windlass.yaml names, by its digest: what a tag means now is kept in the release. */
export async function resolveGiven(
  service: string,
  image: string,
  room: ImageRoom | undefined,
): Promise<string> {
  const wanted = requireReference(image, `services.${service}.image`);
  if (wanted.digest !== undefined) return fullReference(wanted);
  const found = await findDigest(wanted, registryDoor(wanted.host, room?.google));
  if (found.digest === undefined) throw unresolved(service, image, found.why);
  room?.tell(`${service}: ${image} is ${found.digest} now`);
  return fullReference({ ...wanted, digest: found.digest });
}

function unresolved(service: string, image: string, why: string): Failure {
  return new Failure({
    code: 'IMAGE_UNRESOLVED',
    what: `The image ${image} of ${service} cannot be resolved`,
    why,
    fix: `Push it, or fix \`image\` of ${service} in windlass.yaml; with a digest (…@sha256:…) no registry lookup is needed.`,
  });
}
