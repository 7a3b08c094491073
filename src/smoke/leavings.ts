import type { Deploy } from '../deploy.ts';
import { failureText } from '../failure.ts';
import { readServices } from '../gcp/run.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import { doorOf } from '../supabase/door.ts';
import { isCalled, reachOf } from './reach.ts';
import { openRegister } from './register.ts';
import { removeMade } from './remove-made.ts';

/**
 * Removes what a smoke test of this run has left that was killed and not tried again, by the
 * services that are there now. What stays is answered, a line each: it stops nothing.
 */
export async function removeLeavings(
  site: Site,
  { runId, supabaseRef }: Pick<Deploy, 'runId' | 'supabaseRef'>,
): Promise<readonly string[]> {
  try {
    const register = await openRegister(site, runId);
    if ((await register.all()).length === 0) return [];
    const login = await databaseOf(site);
    if (login === undefined || supabaseRef === undefined) return [];
    const door = await doorOf(site.supabase, supabaseRef);
    const services = (await readServices(site.google)).filter(({ name }) => isCalled(site, name));
    const reaches = await Promise.all(services.map((service) => reachOf(site, service, {})));
    await removeMade({ register, door, login, reaches });
    return [];
  } catch (error) {
    const { what, why } = failureText(error);
    return [`smoke test: ${what} (${why})`];
  }
}
