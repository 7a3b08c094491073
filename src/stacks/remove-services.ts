import type { Traffic } from '../deploy.ts';
import { deleteService } from '../gcp/delete-service.ts';
import { readServices } from '../gcp/run.ts';
import { isLabelled } from '../services-of-environment.ts';
import type { Site } from '../site.ts';

/**
 * Deletes the services that were not there before and that the release names (absent: any); one
 * without the environment's labels is somebody else's. Through the API, for terraform refuses to
 * delete a protected one; its next refresh sees that they are gone. Answers what stays, in words.
 */
export async function removeNewServices(
  site: Site,
  before: Traffic,
  named?: readonly string[],
): Promise<readonly string[]> {
  const added = (await readServices(site.google)).filter(
    (service) => !Object.hasOwn(before, service.name) && isLabelled(site, service),
  );
  const own = added.filter(({ name }) => named?.includes(name) ?? true);
  await Promise.all(own.map(({ name }) => deleteService(site.google, name)));
  return added
    .filter((one) => !own.includes(one))
    .map(({ name }) => `service ${name}: not of this run's release, left as it is`);
}
