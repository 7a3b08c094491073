import type { Config } from '../config/config.ts';
import { drillName } from '../drills/drill-site.ts';
import { siteIn } from '../endpoints.ts';
import type { Place } from '../endpoints.ts';
import { bringAbout, lackingRights } from './bootstrap.ts';

/**
 * The bootstrap of the sandbox's projects, which nobody is asked about: those of its environments and
 * of their drills. A run makes the buckets. Tells what was done for each environment.
 */
export async function bootstrapByItself(
  place: Place,
  config: Config,
  tell: (line: string) => void,
): Promise<void> {
  const names = Object.entries(config.environments).flatMap(([name, { target }]) =>
    target === 'sandbox' ? [name] : [],
  );
  const drills = names.map(drillName).map((name) => bootstrapOne(place, config, name));
  const own = names.map(async (name) => {
    const done = await bootstrapOne(place, config, name);
    if (done > 0) tell(`${name}: bootstrapped, as \`windlass bootstrap\` does in the clouds`);
  });
  await Promise.all([...own, ...drills]);
}

/** How many things were done. */
async function bootstrapOne(place: Place, config: Config, name: string): Promise<number> {
  const site = await siteIn(place, config, name);
  const lacking = await lackingRights(site);
  let done = 0;
  await bringAbout(site, lacking, () => (done += 1));
  return done;
}
