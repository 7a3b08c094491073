import { readBackground } from '../background/standing.ts';
import type { JobStanding } from '../background/standing.ts';
import { backgroundOf } from '../config/kind.ts';
import { Failure, failureText } from '../failure.ts';
import type { FailureText } from '../failure.ts';
import { readServices } from '../gcp/run.ts';
import type { RunService } from '../gcp/run-service.ts';
import type { Site } from '../site.ts';
import { boundSplit, servingRevision } from '../traffic.ts';

/** A service as `status` shows it. */
export interface ShownService {
  readonly name: string;
  readonly url: string;
  /** The revision that answers everything; null where none does. */
  readonly serving: string | null;
  /** Percent by revision: more than one while traffic is split. */
  readonly traffic: Readonly<Record<string, number>>;
  readonly newest: string;
  readonly ready: boolean;
}

/** A job or a worker as `status` shows it. */
export interface ShownBackground {
  readonly name: string;
  readonly kind: 'job' | 'worker';
  /** In words: when it runs, or how many of which revision do. */
  readonly runs: string;
}

interface Shown {
  readonly services: readonly ShownService[];
  /** Jobs and workers; absent where there is none. */
  readonly background?: readonly ShownBackground[];
  /** Why they could not be read. */
  readonly servicesUnreadable?: FailureText;
}

/**
 * What runs in the environment. Where Cloud Run has yet to be switched on nothing does, unless a
 * release is in force: then somebody has switched it off.
 */
export async function servicesShown(
  site: Pick<Site, 'google' | 'config' | 'name'>,
  { deployed }: { readonly deployed: boolean },
): Promise<Shown> {
  try {
    const services = (await readServices(site.google)).map(shown);
    const background = await backgroundShown(site);
    return { services, ...(background.length > 0 && { background }) };
  } catch (error) {
    const off = error instanceof Failure && error.code === 'GOOGLE_API_OFF';
    if (off && !deployed) return { services: [] };
    return { services: [], servicesUnreadable: failureText(error) };
  }
}

async function backgroundShown(
  site: Pick<Site, 'google' | 'config' | 'name'>,
): Promise<readonly ShownBackground[]> {
  if (backgroundOf(site.config.services).length === 0) return [];
  const { jobs, workers } = await readBackground(site);
  return [
    ...Object.entries(jobs).map(([name, { scheduling }]) => ({
      ...{ name, kind: 'job' as const, runs: scheduleText(scheduling) },
    })),
    ...Object.entries(workers).map(([name, { splits, instances }]) => {
      const of = splits.map(({ revision, percent }) => `${revision} ${percent} %`).join(', ');
      return { name, kind: 'worker' as const, runs: `${instances} × ${of}` };
    }),
  ];
}

function scheduleText(scheduling: JobStanding['scheduling']): string {
  if (!scheduling) return 'whenever it is started';
  const { schedule, timeZone, paused } = scheduling;
  return `${schedule} (${timeZone})${paused ? ', paused' : ''}`;
}

/** `journal-00002-abc`, or `journal-00001-xyz 70 %, journal-00002-abc 30 %`. */
export function trafficText({ serving, traffic }: ShownService): string {
  if (serving !== null) return serving;
  const shares = Object.entries(traffic).filter(([, percent]) => percent > 0);
  return shares.map(([revision, percent]) => `${revision} ${percent} %`).join(', ') || 'no traffic';
}

function shown(service: RunService): ShownService {
  const traffic: Record<string, number> = {};
  for (const { revision, percent } of boundSplit(service))
    traffic[revision] = (traffic[revision] ?? 0) + percent;
  return {
    name: service.name,
    url: service.uri,
    serving: servingRevision(service) ?? null,
    traffic,
    newest: service.latestCreatedRevision,
    ready: service.ready,
  };
}
