import type { ReleaseRef } from '../deploy.ts';
import type { Site } from '../site.ts';
import { bundled } from './bundled.ts';

/** Per service: the digest of its image, or the whole reference that windlass.yaml gave. */
export async function releasedImages(
  site: Site,
  release: ReleaseRef,
): Promise<Readonly<Record<string, string>>> {
  return (await bundled(site, release)).images;
}

/** Services whose image is one for the sandbox's processes: all built ones, in older bundles. */
export async function releasedProcesses(
  site: Site,
  release: ReleaseRef,
): Promise<readonly string[]> {
  const { images, builds } = await bundled(site, release);
  const kinds = builds?.services ?? {};
  return Object.keys(images).filter((name) =>
    kinds[name] ? kinds[name].kind === 'process' : images[name]?.startsWith('sha256:'),
  );
}
