import { Failure } from '../failure.ts';
import { fullReference, requireReference } from './image-reference.ts';
import type { ImageRoom } from './image-room.ts';
import { findDigest } from './registries/find-digest.ts';
import { registryDoor } from './registries/registry-door.ts';
import { requireSigned } from './require-signed.ts';

/** Where an image is looked up, and the key files by one of which it must be signed. */
export interface Given {
  readonly room: ImageRoom | undefined;
  readonly root: string;
  readonly signedBy: string | readonly string[] | undefined;
}

/** An image that windlass.yaml names, by its digest: what a tag means now is kept in the release. */
export async function resolveGiven(
  service: string,
  image: string,
  { room, root, signedBy }: Given,
): Promise<string> {
  const wanted = requireReference(image, `services.${service}.image`);
  const door = registryDoor(wanted.host, room?.google);
  const found = wanted.digest === undefined ? await findDigest(wanted, door) : wanted;
  const { digest } = found;
  if (digest === undefined) throw unresolved(service, image, 'why' in found ? found.why : '');
  if (wanted.digest === undefined) room?.tell(`${service}: ${image} is ${digest} now`);
  const files = [signedBy ?? []].flat();
  if (files.length > 0) await requireSigned({ ...wanted, digest }, door, { service, files, root });
  return fullReference({ ...wanted, digest });
}

function unresolved(service: string, image: string, why: string): Failure {
  return new Failure({
    code: 'IMAGE_UNRESOLVED',
    what: `The image ${image} of ${service} cannot be resolved`,
    why,
    fix: `Push it, or fix \`image\` of ${service} in windlass.yaml; with a digest (…@sha256:…) no registry lookup is needed.`,
  });
}
