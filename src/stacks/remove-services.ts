import type { Traffic } from '../deploy.ts';
import { deleteService } from '../gcp/delete-service.ts';
import { readServices } from '../gcp/run.ts';
import type { Site } from '../site.ts';

/**
 * Deletes the services that were not there before. Through the API, for terraform refuses to
 * delete a protected one; its next refresh sees that they are gone.
 */
export async function removeNewServices(site: Site, before: Traffic): Promise<void> {
  const added = (await readServices(site.google)).filter(({ name }) => !(name in before));
  await Promise.all(added.map(({ name }) => deleteService(site.google, name)));
}
