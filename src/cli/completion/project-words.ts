import { readConfig } from '../../config/read-config.ts';
import { placeHere } from '../../place.ts';
import { stepNames } from '../logs/step-names.ts';

/** Words out of the project's windlass.yaml for what the help calls by that name; none without a project. */
export async function projectWords(name: string): Promise<readonly string[]> {
  const wanted = name.replace(/^--/, '').split('|');
  const place = placeHere();
  // A project that cannot be read completes nothing; the command itself says why.
  const config = place && (await readConfig(place.root).catch(() => undefined));
  if (!config) return [];
  return wanted.flatMap((one) => {
    if (one === 'environment' || one === 'into') return Object.keys(config.environments);
    if (one === 'service') return Object.keys(config.services);
    return one === 'step' ? stepNames : [];
  });
}
