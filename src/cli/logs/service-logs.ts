import { setTimeout as pause } from 'node:timers/promises';
import { candidateOf } from '../../background/candidate.ts';
import type { Kind } from '../../config/kind.ts';
import type { GoogleAccess, Waiting } from '../../gcp/access.ts';
import { readLogs } from '../../gcp/logs.ts';
import type { LogLine, LogQuery } from '../../gcp/logs.ts';

/** Which lines of which services. */
export interface WantedLogs {
  readonly services: readonly string[];
  /** What they are to Cloud Run; one that is not named is a service. */
  readonly kinds?: Readonly<Record<string, Kind>>;
  /** Seconds before now. */
  readonly since: number;
  readonly limit: number;
}

/** The newest lines, oldest first. */
export async function newestLogs(
  google: GoogleAccess,
  { services, kinds, since, limit }: WantedLogs,
): Promise<readonly LogLine[]> {
  const from = new Date(Date.now() - since * 1000).toISOString();
  const found = await readOfKinds(google, kinds, {
    ...{ services, since: from, count: limit, newest: true },
  });
  return found.slice(-limit);
}

/** Each kind writes a log of its own; what a job's candidate said is told as the job's. */
async function readOfKinds(
  google: GoogleAccess,
  kinds: WantedLogs['kinds'],
  query: Omit<LogQuery, 'kind'>,
  waiting: Waiting = {},
): Promise<readonly LogLine[]> {
  const { services } = query;
  const of = (kind: Kind) => services.filter((name) => (kinds?.[name] ?? 'service') === kind);
  const behind = [...of('job'), ...of('worker')];
  const queries = [
    { kind: 'service', services: of('service') },
    { kind: 'job', services: [...of('job'), ...behind.map(candidateOf)] },
    { kind: 'worker', services: of('worker') },
  ] as const;
  const asked = queries.filter((one) => one.services.length > 0);
  const found = await Promise.all(
    asked.map((one) => readLogs(google, { ...query, ...one }, waiting)),
  );
  if (found.length === 1 && behind.length === 0) return found[0] ?? [];
  return found
    .flat()
    .map((line) => ({
      ...line,
      service: behind.find((name) => candidateOf(name) === line.service) ?? line.service,
    }))
    .sort((a, b) => a.at.localeCompare(b.at));
}

const betweenMs = 2000; // Cloud Logging answers 60 such questions a minute
const lateMs = 15_000; // entries are not always there in the order of their times

/** Hands over every line that comes after those that are `shown` already; until it is ended. */
export async function followLogs(
  google: GoogleAccess,
  wanted: WantedLogs & { readonly shown: readonly LogLine[]; readonly signal: AbortSignal },
  hand: (line: LogLine) => void,
): Promise<void> {
  const { services, kinds, shown, signal } = wanted;
  const told = new Map(shown.map(({ id, at }) => [id, Date.parse(at)]));
  const began = Date.now();
  while (!signal.aborted) {
    const newest = Math.max(began, ...told.values());
    for (const [id, at] of told) if (at < newest - 2 * lateMs) told.delete(id);
    const since = new Date(newest - lateMs).toISOString();
    const query = { services, since, count: 10_000, newest: false };
    for (const line of await readOfKinds(google, kinds, query, { signal })) {
      if (told.has(line.id)) continue;
      told.set(line.id, Date.parse(line.at));
      hand(line);
    }
    await pause(betweenMs, undefined, { signal }).catch(() => undefined);
  }
}
