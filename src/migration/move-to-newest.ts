import { Failure } from '../failure.ts';
import { tagCandidate } from '../gcp/candidate.ts';
import { readServices } from '../gcp/run.ts';
import type { RunService } from '../gcp/run-service.ts';
import { setAllTraffic } from '../gcp/run-traffic.ts';
import type { Site } from '../site.ts';
import { look } from '../smoke/ask.ts';
import { awaitCallers } from '../smoke/await-callers.ts';
import { isCalled, reachOf } from '../smoke/reach.ts';
import { servingRevision } from '../traffic.ts';

/** The newest ready revision of each service. */
export type Newest = ReadonlyMap<string, string>;

/** The newest ready revisions now. */
export async function newestOf({ google }: Site): Promise<Newest> {
  const services = await readServices(google);
  return new Map(services.map(({ name, latestReadyRevision }) => [name, latestReadyRevision]));
}

/**
 * Moves the traffic of what the migration gave a new revision (a startup boost, a probe) from the
 * one before to it, once it answers at an address of its own. Answers what was moved.
 */
export async function moveToNewest(
  site: Site,
  before: Newest,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const made = (await readServices(site.google)).filter((service) => {
    const old = before.get(service.name);
    return old !== service.latestReadyRevision && servingRevision(service) === old;
  });
  if (made.length === 0) return [];
  const tagged = await Promise.all(
    made.map(async ({ name: service, latestReadyRevision: revision }) => {
      return [service, (await tagCandidate(site.google, { service, revision })).uri] as const;
    }),
  );
  await tryOut(site, made, Object.fromEntries(tagged), say);
  const wanted = made.map(({ name: service, latestReadyRevision: revision }) => ({
    service,
    traffic: [{ revision, percent: 100 }],
  }));
  await setAllTraffic(site.google, wanted);
  return made.map(({ name }) => name);
}

async function tryOut(
  site: Site,
  made: readonly RunService[],
  candidates: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<void> {
  const called = made.filter(({ name }) => isCalled(site, name));
  const reaches = await Promise.all(called.map((one) => reachOf(site, one, candidates)));
  await awaitCallers(reaches, { beat: say, signal: new AbortController().signal });
  const looks = await Promise.all(
    reaches.map(async (reach) => {
      const probed = site.config.services[reach.name]?.startupPath ?? '/';
      const hidden = hiddenFromOutside.test(probed);
      const { status } = await look(reach, hidden ? '/' : probed);
      // Of `/` nobody knows what it answers; an error of the service would be one all the same.
      const answers = status < (hidden ? 500 : 400);
      return answers ? [] : [`${reach.name} answers ${status} as ${reach.revision}`];
    }),
  );
  if (looks.flat().length === 0) return;
  throw new Failure({
    code: 'MIGRATION_UNPROVEN',
    what: 'The services are on v2, but new revisions do not answer; the old ones keep serving',
    why: looks.flat().join('; '),
    fix: 'Check their logs, then deploy: it tries new revisions before they get traffic.',
  });
}

// https://cloud.google.com/run/docs/known-issues: Google's front end keeps it for itself.
const hiddenFromOutside = /^\/healthz(\?|$)/;
