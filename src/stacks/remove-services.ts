import type { Traffic } from '../deploy.ts';
import { deleteService } from '../gcp/delete-service.ts';
import { readServices } from '../gcp/run.ts';
import { isLabelled } from '../services-of-environment.ts';
import type { Site } from '../site.ts';

/**
 * Deletes the environment's services that were not there before; one without its labels is somebody
 * else's. Through the API, for terraform refuses to delete a protected one; its next refresh sees
 * that they are gone.
 */
export async function removeNewServices(site: Site, before: Traffic): Promise<void> {
  const added = (await readServices(site.google)).filter(
    (service) => !Object.hasOwn(before, service.name) && isLabelled(site, service),
  );
  await Promise.all(added.map(({ name }) => deleteService(site.google, name)));
}
