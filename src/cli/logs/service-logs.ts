import { setTimeout as pause } from 'node:timers/promises';
import type { GoogleAccess } from '../../gcp/access.ts';
import { readLogs } from '../../gcp/logs.ts';
import type { LogLine } from '../../gcp/logs.ts';

/** Which lines of which services. */
export interface WantedLogs {
  readonly services: readonly string[];
  /** Seconds before now. */
  readonly since: number;
  readonly limit: number;
}

/** The newest lines, oldest first. */
export async function newestLogs(
  google: GoogleAccess,
  { services, since, limit }: WantedLogs,
): Promise<readonly LogLine[]> {
  const from = new Date(Date.now() - since * 1000).toISOString();
  return readLogs(google, { services, since: from, count: limit, newest: true });
}

const betweenMs = 2000; // Cloud Logging answers 60 such questions a minute
const lateMs = 15_000; // entries are not always there in the order of their times

/** Hands over every line that comes after those that are `shown` already; until it is ended. */
export async function followLogs(
  google: GoogleAccess,
  wanted: WantedLogs & { readonly shown: readonly LogLine[]; readonly signal: AbortSignal },
  hand: (line: LogLine) => void,
): Promise<void> {
  const { services, shown, signal } = wanted;
  const told = new Map(shown.map(({ id, at }) => [id, Date.parse(at)]));
  const began = Date.now();
  while (!signal.aborted) {
    const newest = Math.max(began, ...told.values());
    for (const [id, at] of told) if (at < newest - 2 * lateMs) told.delete(id);
    const since = new Date(newest - lateMs).toISOString();
    const query = { services, since, count: 10_000, newest: false };
    for (const line of await readLogs(google, query, { signal })) {
      if (told.has(line.id)) continue;
      told.set(line.id, Date.parse(line.at));
      hand(line);
    }
    await pause(betweenMs, undefined, { signal }).catch(() => undefined);
  }
}
