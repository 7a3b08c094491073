import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { listGoogle } from './list.ts';

const Api = z.object({
  state: z.string().default(''),
  config: z.object({ name: z.string().default('') }).prefault({}),
});

/** The APIs that are switched on in the project, such as `run.googleapis.com`. */
export async function enabledApis(
  access: GoogleAccess,
  waiting: Waiting = {},
): Promise<readonly string[]> {
  const url = `${access.endpoints.serviceUsage}/v1/projects/${access.project}/services?filter=state:ENABLED`;
  const read = (item: unknown) => Api.parse(item);
  const listing = { action: 'list the APIs that are switched on', url, of: 'services', read };
  const found = await listGoogle(access, listing, waiting);
  return found.filter(({ state }) => state === 'ENABLED').map(({ config }) => config.name);
}
