import type { Site } from '../site.ts';
import { apis } from './api-check.ts';
import { refuseMissing } from './refuse-missing.ts';

/** Before a deploy that is not the first: an API may be off since, or only the buckets were made. */
export async function refuseApisOff(site: Site): Promise<void> {
  return refuseMissing(site, [{ id: 'google apis', look: (signal) => apis(site, signal) }]);
}
