import type { Config } from '../config/config.ts';
import { readInvokers } from '../gcp/iam.ts';
import { readServices } from '../gcp/run.ts';
import type { Site } from '../site.ts';

type Services = Config['services'];

/**
 * Public services that not everybody may call yet, or that serve nothing yet: an apply leaves them
 * closed, for whoever calls what was never tested is let in only when it is.
 */
export async function closedServices({ google, config }: Site): Promise<readonly string[]> {
  const open = Object.entries(config.services).filter(([, service]) => service.public);
  if (open.length === 0) return [];
  const there = new Map((await readServices(google)).map((one) => [one.name, one]));
  const looks = await Promise.all(
    open.map(async ([name]) => {
      if ((there.get(name)?.latestReadyRevision ?? '') === '') return [name];
      return (await readInvokers(google, name)).includes('allUsers') ? [] : [name];
    }),
  );
  return looks.flat();
}

/**
 * A release's services while some are closed: these are not public, and what everybody called
 * before stays so until they are.
 */
export function whileClosed(own: Services, before: Services, closed: readonly string[]): Services {
  if (closed.length === 0) return own;
  return Object.fromEntries(
    Object.entries(own).map(([name, service]) => {
      const open = service.public || before[name]?.public === true;
      return [name, { ...service, public: open && !closed.includes(name) }];
    }),
  );
}

/** The account as which a closed service is called: its own, for no other may call it. */
export function selfOf({ google }: Pick<Site, 'google'>, service: string): string {
  return `run-${service}@${google.project}.iam.gserviceaccount.com`;
}
