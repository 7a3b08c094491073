import { z } from 'zod';
import type { Site } from '../site.ts';
import { expectStatus, look, smokeFailure } from './ask.ts';
import type { Reach } from './reach.ts';

const Ready = z.object({
  revision: z.string().nullish(),
  secrets: z.array(z.string()),
  database: z.object({ role: z.string(), schema: z.string(), revision: z.string() }).optional(),
});

/**
 * Asks a candidate of a release from before `ready` was stated, when every service had to answer
 * /readyz in this form: that it is the revision we mean, that each of its secrets can be read as a
 * file, and that the database takes it for its own role.
 */
export async function checkReadyByForm(site: Pick<Site, 'config'>, reach: Reach): Promise<string> {
  const said = await look(reach, formPath);
  const { body } = expectStatus(`${reach.name} is not ready`, said, 200);
  const ready = Ready.safeParse(body);
  if (!ready.success)
    throw smokeFailure(
      `${formPath} of ${reach.name} did not return the expected fields`,
      JSON.stringify(body),
    );
  const { revision, secrets, database } = ready.data;
  if (revision && revision !== reach.revision)
    throw smokeFailure(`${reach.name} responded as ${revision}`, `expected ${reach.revision}`);
  const declared = site.config.services[reach.name];
  const unread = Object.keys(declared?.secrets ?? {}).filter((name) => !secrets.includes(name));
  if (unread.length > 0)
    throw smokeFailure(`${reach.name} cannot read its secrets`, `missing: ${unread.join(', ')}`);
  const role = `${reach.name}_service`;
  if (declared?.migrations && database?.role !== role)
    throw smokeFailure(`${reach.name} uses the wrong database role`, `it is ${database?.role}`);
  return `${reach.name}: ready, ${secrets.length} secrets${database ? `, ${database.role}` : ''}`;
}

/** Where services of such releases answer. */
export const formPath = '/readyz';

/** Whether the release is from before services stated their readiness. */
export function answersByForm({ releaseFormat }: Pick<Site, 'releaseFormat'>): boolean {
  return releaseFormat === 1;
}
