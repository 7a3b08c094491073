import type { World } from '../world.ts';
import { type Route, GoogleError } from './http.ts';

/** The OCI distribution API. */
export function registryRoutes(_world: World): readonly Route[] {
  return [];
}

/** Where an image was unpacked (once per digest) and the command that its config names. */
export interface ImageFolder {
  readonly folder: string;
  readonly command: readonly string[];
}

/** Unpacks the image of `<host>/<project>/<repository>/<image>@sha256:<digest>` (or `:tag`). */
export async function imageFolder(_world: World, imageRef: string): Promise<ImageFolder> {
  throw new GoogleError('NOT_FOUND', `Image '${imageRef}' not found.`);
}
