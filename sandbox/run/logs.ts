import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { World } from '../world.ts';
import { partsOf, type RevisionRecord, shortName } from './records.ts';

const MOST_BYTES = 1_000_000;
const RETENTION_MS = 30 * 24 * 60 * 60_000;

/** An entry as Cloud Logging shows it. */
export const LogEntry = z.object({
  insertId: z.string(),
  logName: z.string(),
  timestamp: z.string(),
  severity: z.string(),
  textPayload: z.string().optional(),
  jsonPayload: z.record(z.string(), z.unknown()).optional(),
  resource: z.object({ type: z.string(), labels: z.record(z.string(), z.string()) }),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** Which log a line belongs to: the two streams, or what Cloud Run itself has to say. */
export type LogStream = 'stdout' | 'stderr' | 'varlog/system';

const Structured = z.looseObject({ severity: z.string().optional() });
let inserted = 0;

/** Appends a line to the log of a revision; a line that is a JSON object becomes a jsonPayload. */
export function writeLog(
  world: World,
  revision: RevisionRecord,
  stream: LogStream,
  line: { readonly text: string; readonly severity?: string },
): void {
  const { project } = partsOf(revision.name);
  const structured = objectIn(line.text);
  inserted += 1;
  const entry: LogEntry = {
    insertId: `${process.pid.toString(36)}-${inserted.toString(36)}`,
    logName: `projects/${project}/logs/${encodeURIComponent(`run.googleapis.com/${stream}`)}`,
    timestamp: world.now().toISOString(),
    severity: line.severity ?? structured?.severity ?? 'DEFAULT',
    ...(structured === undefined ? { textPayload: line.text } : { jsonPayload: structured }),
    resource: resourceOf(revision),
  };
  const path = pathOf(world, revision);
  mkdirSync(dirname(path), { recursive: true });
  trim(path);
  appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

/**
 * All entries of a project, those of revisions that are gone too: Cloud Logging keeps them for 30 days
 * (its page "Quotas and limits", retention of the bucket _Default), whatever becomes of what wrote them.
 */
export function readLogs(world: World, project: string): readonly LogEntry[] {
  const oldest = new Date(world.now().getTime() - RETENTION_MS).toISOString();
  return filesOf(world, project)
    .flatMap((file) => readOrEmpty(file).split('\n'))
    .filter((line) => line !== '')
    .map((line) => LogEntry.parse(JSON.parse(line)))
    .filter(({ timestamp }) => timestamp >= oldest);
}

function filesOf(world: World, project: string): readonly string[] {
  const folder = join(world.folder, 'run-logs', project);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(folder, name));
}

function resourceOf(revision: RevisionRecord): LogEntry['resource'] {
  const { project: project_id, location } = partsOf(revision.name);
  const place = { project_id, location };
  const owner = shortName(revision.service);
  if (revision.service.includes('/jobs/'))
    return { type: 'cloud_run_job', labels: { ...place, job_name: owner } };
  if (!revision.service.includes('/workerPools/'))
    return { type: 'cloud_run_revision', labels: labelsOf(revision) };
  const revision_name =
    revision.variables?.['CLOUD_RUN_WORKER_POOL_REVISION'] ?? shortName(revision.name);
  const labels = { ...place, worker_pool_name: owner, revision_name };
  return { type: 'cloud_run_worker_pool', labels };
}

function labelsOf(revision: RevisionRecord): Record<string, string> {
  const { project, location } = partsOf(revision.name);
  const service = shortName(revision.service);
  return {
    project_id: project,
    location,
    service_name: service,
    configuration_name: service,
    revision_name: shortName(revision.name),
  };
}

function pathOf(world: World, revision: RevisionRecord): string {
  const { project, location } = partsOf(revision.name);
  const file = `${shortName(revision.name)}.jsonl`;
  return join(world.folder, 'run-logs', project, location, shortName(revision.service), file);
}

function objectIn(text: string): z.infer<typeof Structured> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return Structured.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function trim(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < MOST_BYTES) return;
  const half = readFileSync(path, 'utf8').slice(-MOST_BYTES / 2);
  writeFileSync(path, half.slice(half.indexOf('\n') + 1));
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
