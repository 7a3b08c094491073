import { z } from 'zod';
import {
  type Call,
  GoogleError,
  invalid,
  ok,
  param,
  type Reply,
  type Route,
} from '../google/http.ts';
import { demandProject } from '../google/projects.ts';
import type { World } from '../world.ts';
import { opensLogPage } from './log-page.ts';
import { type LogEntry, readLogs } from './logs.ts';

const SEVERITIES = ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL'];
const TERM = /^\s*([\w.]+)\s*(=|>=|<=|>|<)\s*"?([^"\s]*)"?\s*$/;
const ONE_OF = /^\s*([\w.]+)\s*=\s*\(\s*("[^"]*"(?:\s+OR\s+"[^"]*")*)\s*\)\s*$/;

const ListBody = z.object({
  resourceNames: z
    .array(z.string().regex(/^projects\/[^/]+$/))
    .min(1)
    .max(100),
  filter: z.string().default(''),
  orderBy: z.enum(['timestamp asc', 'timestamp desc', '']).default('timestamp asc'),
  pageSize: z.number().int().positive().default(50),
  pageToken: z.string().default('0'),
});

/** Cloud Logging's `entries:list`, and the same entries as plain text for people. */
export function logRoutes(world: World): readonly Route[] {
  return [
    { method: 'POST', template: '/v2/entries:list', handle: (call) => list(world, call) },
    {
      method: 'GET',
      template: '/_sandbox/logs/{project}/{service}/{revision}',
      open: true,
      handle: (call) => text(world, call),
    },
  ];
}

function list(world: World, call: Call): Reply {
  const body = ListBody.parse(call.body);
  for (const project of body.resourceNames) {
    demandProject(world, call.caller, project, 'logging.logEntries.list');
  }
  const tests = termsOf(body.filter);
  const found = entriesOf(world, body.resourceNames)
    .filter((entry) => tests.every((test) => test(entry)))
    .sort((a, b) => a.timestamp.localeCompare(b.timestamp));
  const ordered = body.orderBy === 'timestamp desc' ? found.toReversed() : found;
  const start = Number(body.pageToken) || 0;
  const entries = ordered.slice(start, start + body.pageSize);
  const end = start + entries.length;
  const next = end < ordered.length ? { nextPageToken: String(end) } : {};
  return ok({ ...(entries.length === 0 ? {} : { entries }), ...next });
}

function text(world: World, call: Call): Reply {
  const [project, service, revision] = ['project', 'service', 'revision'].map((name) =>
    param(call, name),
  );
  const key = call.query.get('key') ?? '';
  if (!opensLogPage(world, `${project}/${service}/${revision}`, key))
    throw new GoogleError('UNAUTHENTICATED', 'The address of a log page holds its key.');
  const lines = entriesOf(world, [`projects/${project}`])
    .filter(({ resource: { labels } }) => labels['service_name'] === service)
    .filter(({ resource: { labels } }) => labels['revision_name'] === revision)
    .map((entry) => `${entry.timestamp} ${entry.severity} ${payload(entry)}\n`);
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { status: 200, raw: Buffer.from(lines.join('')), headers };
}

function entriesOf(world: World, projects: readonly string[]): LogEntry[] {
  return projects.flatMap((project) => readLogs(world, project.replace(/^projects\//, '')));
}

// The part of the filter language that names, severities and times need: terms joined by AND, and one
// of several values: `field=("a" OR "b")`.
function termsOf(filter: string): readonly ((entry: LogEntry) => boolean)[] {
  return filter
    .split(/\s+AND\s+|\n/)
    .filter((term) => term.trim() !== '')
    .map((term) => {
      const [, listed, values = ''] = ONE_OF.exec(term) ?? [];
      if (listed !== undefined) {
        const any = values.split(/\s+OR\s+/).map((value) => value.slice(1, -1));
        return (entry) => any.includes(valueOf(entry, listed));
      }
      const [, field = '', operator = '', wanted = ''] = TERM.exec(term) ?? [];
      if (field === '') throw invalid(`Unparseable filter: ${term.trim()}`);
      return (entry) => compare(field, operator, valueOf(entry, field), wanted);
    });
}

function compare(field: string, operator: string, value: string, wanted: string): boolean {
  const difference =
    field === 'severity'
      ? SEVERITIES.indexOf(value) - SEVERITIES.indexOf(wanted)
      : value.localeCompare(wanted);
  if (operator === '=') return difference === 0;
  if (difference === 0) return operator.endsWith('=');
  return operator.startsWith('>') === difference > 0;
}

function valueOf(entry: LogEntry, field: string): string {
  const label = /^resource\.labels\.(\w+)$/.exec(field)?.[1];
  if (label !== undefined) return entry.resource.labels[label] ?? '';
  if (field === 'resource.type') return entry.resource.type;
  if (field === 'timestamp') return entry.timestamp;
  if (field === 'severity') return entry.severity;
  if (field === 'logName') return entry.logName;
  throw invalid(`The sandbox does not filter logs by ${field}.`);
}

const payload = ({ textPayload, jsonPayload }: LogEntry): string =>
  textPayload ?? JSON.stringify(jsonPayload);
