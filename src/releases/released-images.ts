import type { ReleaseRef } from '../deploy.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { bundled } from './bundled.ts';

/** Per service: the digest of its image, or the whole reference that windlass.yaml gave. */
export async function releasedImages(
  site: Site,
  release: ReleaseRef,
): Promise<Readonly<Record<string, string>>> {
  const { images } = await bundled(site, release);
  if (images) return images;
  throw new Failure({
    code: 'RELEASE_DAMAGED',
    what: `The bundle of release ${release.id} names no images`,
    why: `${release.object} holds no images.json`,
    fix: `\`windlass releases repair ${release.id} -e ${site.name}\` restores it from the tree that it was made from.`,
  });
}

/** Services whose image is one for the sandbox's processes: all built ones, in older bundles. */
export async function releasedProcesses(
  site: Site,
  release: ReleaseRef,
): Promise<readonly string[]> {
  const images = await releasedImages(site, release);
  const { builds } = await bundled(site, release);
  const kinds = builds?.services ?? {};
  return Object.keys(images).filter((name) =>
    kinds[name] ? kinds[name].kind === 'process' : images[name]?.startsWith('sha256:'),
  );
}
