import type { ImageReference } from '../image-reference.ts';
import { digestOf } from '../image.ts';
import { askRegistry } from './ask-registry.ts';
import type { RegistryDoor } from './registry-door.ts';

/** What a registry says of a name: its digest now, or why there is none. */
export type Found =
  | { readonly digest: string; readonly why?: undefined }
  | {
      readonly digest?: undefined;
      readonly why: string;
      /** `missing`: it answered that there is no such image. */
      readonly kind: 'missing' | 'refused' | 'away';
    };

/** What a name may stand for: an image, or an index of images for several platforms. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Asks a registry which digest a tag means now, or whether it has a digest. */
export async function findDigest(
  { path, tag, digest, host }: ImageReference,
  door: RegistryDoor,
): Promise<Found> {
  const url = `${door.root}/v2/${path}/manifests/${digest ?? tag}`;
  try {
    const answer = await askRegistry(url, door, manifestTypes);
    if (answer.status === 404)
      return {
        kind: 'missing',
        why: `${host} has no ${path} of the ${digest ? 'digest' : 'tag'} ${digest ?? tag}`,
      };
    if (!answer.ok) return { kind: 'refused', why: `${host} answers ${answer.status} for ${path}` };
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { digest: answer.headers.get('docker-content-digest') ?? digestOf(bytes) };
  } catch (error) {
    return { kind: 'away', why: `${host} does not answer (${reasonOf(error)})` };
  }
}

/** Why a call did not come through. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
