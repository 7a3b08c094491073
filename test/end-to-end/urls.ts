import { z } from 'zod';
import { readServices } from '../../src/gcp/run.ts';
import type { Site } from '../../src/site.ts';
import { ask } from '../../src/smoke/ask.ts';
import { reachOf } from '../../src/smoke/reach.ts';

const Ready = z.looseObject({ version: z.string() });

/** What answers at every service's own URL: its name and version, called as its caller would. */
export async function versionsAt(site: Site): Promise<Readonly<Record<string, string>>> {
  const services = await readServices(site.google);
  const answers = await Promise.all(
    services.map(async (service) => {
      const { status, body } = await ask(await reachOf(site, service, {}), { path: '/readyz' });
      const said = Ready.safeParse(body);
      const version = said.success ? said.data.version : 'no version';
      return [service.name, status === 200 ? version : `${status} ${version}`] as const;
    }),
  );
  return Object.fromEntries(answers);
}
