import { backgroundToPromote } from '../background/wanted.ts';
import { backgroundOf } from '../config/kind.ts';
import { readServices } from '../gcp/run.ts';
import { newestDiffers, servingOf } from '../serving.ts';
import type { Site } from '../site.ts';

/** Services whose serving revision is not what the release says, or not the newest one's equal. */
export async function planPromotion(
  site: Site,
  references: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const services = new Map((await readServices(site.google)).map((one) => [one.name, one]));
  const behind = new Set(backgroundOf(site.config.services));
  const looks = await Promise.all(
    Object.entries(references)
      .filter(([name]) => !behind.has(name))
      .map(async ([name, image]) => {
        const service = services.get(name);
        if (!service) return [name];
        const { revision } = await servingOf(site, service);
        const asReleased = revision?.image === image && !(await newestDiffers(site, service));
        return asReleased ? [] : [name];
      }),
  );
  return [...looks.flat(), ...(await backgroundToPromote(site, { images: references }))];
}
