import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import type { Kind } from '../config/kind.ts';
import { callGoogle } from './call.ts';

/** One entry of a revision's log. */
export interface LogLine {
  /** The same entry has the same id, however often it is read. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly severity: string;
  readonly service: string;
  readonly revision: string;
  readonly text: string;
}

/** Which entries, and how many at most. */
export interface LogQuery {
  /** What they are to Cloud Run; absent = services. */
  readonly kind?: Kind;
  readonly services: readonly string[];
  readonly revision?: string;
  /** Not before this moment (ISO 8601). */
  readonly since?: string;
  readonly count: number;
  /** Which of more entries than that: the newest, else the oldest. */
  readonly newest: boolean;
}

/** Log entries of Cloud Run services, oldest first (Cloud Logging, entries:list). */
export async function readLogs(
  access: GoogleAccess,
  query: LogQuery,
  waiting: Waiting = {},
): Promise<readonly LogLine[]> {
  const found: LogLine[] = [];
  let pageToken = '';
  do {
    const page = await readPage(
      access,
      query,
      { pageToken, left: query.count - found.length },
      waiting,
    );
    found.push(...page.entries);
    // A page may be empty and not the last: Google looks through so much at a time.
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && found.length < query.count);
  return query.newest ? found.toReversed() : found;
}

/** The last `count` log lines of a revision, oldest first. */
export async function lastLogLines(
  access: GoogleAccess,
  which:
    | { readonly service: string; readonly revision: string; readonly count: number }
    | { readonly job: string; readonly count: number },
  waiting: Waiting = {},
): Promise<readonly string[]> {
  const { count } = which;
  const wanted =
    'job' in which
      ? ({ kind: 'job', services: [which.job] } as const)
      : { services: [which.service], revision: which.revision };
  const query = { ...wanted, count, newest: true };
  return (await readLogs(access, query, waiting)).map(({ text }) => text);
}

async function readPage(
  access: GoogleAccess,
  query: LogQuery,
  { pageToken, left }: { readonly pageToken: string; readonly left: number },
  waiting: Waiting,
): Promise<z.infer<typeof Page>> {
  const body = {
    resourceNames: [`projects/${access.project}`],
    filter: filterOf(query),
    orderBy: query.newest ? 'timestamp desc' : 'timestamp asc',
    pageSize: Math.min(left, 1000),
    ...(pageToken !== '' && { pageToken }),
  };
  const url = `${access.endpoints.logging}/v2/entries:list`;
  const action = `read the log of ${query.revision ?? query.services.join(', ')}`;
  const call = { action, method: 'POST', url, body, answer: Page } as const;
  return callGoogle(access, call, waiting);
}

/** How Cloud Logging names what writes, by what that is to Cloud Run. */
const writers = {
  service: { type: 'cloud_run_revision', label: 'service_name' },
  job: { type: 'cloud_run_job', label: 'job_name' },
  worker: { type: 'cloud_run_worker_pool', label: 'worker_pool_name' },
} as const;

function filterOf({ kind = 'service', services, revision, since }: LogQuery): string {
  const names = services.map((name) => `"${name}"`).join(' OR ');
  const { type, label } = writers[kind];
  return [
    `resource.type="${type}"`,
    `resource.labels.${label}=${services.length === 1 ? names : `(${names})`}`,
    ...(revision === undefined ? [] : [`resource.labels.revision_name="${revision}"`]),
    ...(since === undefined ? [] : [`timestamp>="${since}"`]),
  ].join(' AND ');
}

const Labels = z.object({
  service_name: z.string().optional(),
  job_name: z.string().optional(),
  worker_pool_name: z.string().optional(),
  revision_name: z.string().default(''),
});

const Entry = z
  .object({
    insertId: z.string().default(''),
    timestamp: z.string().default(''),
    severity: z.string().default('DEFAULT'),
    resource: z.object({ labels: Labels.prefault({}) }).prefault({}),
    textPayload: z.string().optional(),
    jsonPayload: z.looseObject({ message: z.string().optional() }).optional(),
    protoPayload: z.unknown().optional(),
  })
  .transform(({ insertId, timestamp: at, severity, resource: { labels }, ...payload }) => ({
    id: `${at} ${insertId}`,
    at,
    severity,
    service: labels.service_name ?? labels.job_name ?? labels.worker_pool_name ?? '',
    revision: labels.revision_name,
    text: textOf(payload),
  }));

const Page = z.object({
  entries: z.array(Entry).default([]),
  nextPageToken: z.string().default(''),
});

interface Payload {
  readonly textPayload?: string | undefined;
  readonly jsonPayload?: { readonly message?: string | undefined } | undefined;
  readonly protoPayload?: unknown;
}

function textOf({ textPayload, jsonPayload, protoPayload }: Payload): string {
  return textPayload ?? jsonPayload?.message ?? JSON.stringify(jsonPayload ?? protoPayload ?? {});
}
