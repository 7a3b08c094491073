import { z } from 'zod';
import { changeObject } from '../gcp/change-object.ts';
import { putOnce, readObject } from '../gcp/objects.ts';
import type { MigrationLine } from '../postgres/alembic.ts';
import { withClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { ContentMoment, contentSince } from '../postgres/content-since.ts';
import type { ContentChanges } from '../postgres/content-since.ts';
import type { Picture } from '../postgres/picture.ts';
import { andLine, nothingWritten, Written } from '../postgres/written.ts';
import type { Site } from '../site.ts';
import { readStored } from '../stored-json.ts';

const Before = ContentMoment.extend({ version: z.literal(1) });

/** Keeps what the tables held before a run; digests and counts only. The first measurement counts. */
export async function keepContent(
  site: Site,
  runId: string,
  { content, moment }: Pick<Picture, 'content' | 'moment'>,
): Promise<void> {
  const ref = { bucket: site.releaseBucket, name: before(runId) };
  if (await readObject(site.google, ref)) return;
  // The platform writes its own tables at every sign-in.
  const tables = content.filter(({ table }) => !table.startsWith('auth.'));
  await putOnce(site.google, ref, jsonOf({ version: 1, tables, ...moment }));
}

/**
 * Runs a run's migrations and keeps what they write to which tables. Where the program or this
 * process dies in between, the record stays incomplete, and nothing is concluded from it.
 */
export async function recordingWrites<T>(
  site: Site,
  runId: string,
  work: (hear: (line: MigrationLine) => void) => Promise<T>,
): Promise<T> {
  const known = (await writtenBy(site, runId)) ?? nothingWritten;
  let now = known;
  await keepWritten(site, runId, { ...known, complete: false });
  try {
    return await work((line) => (now = andLine(now, line)));
  } finally {
    await keepWritten(site, runId, now);
  }
}

/** How the tables differ from before the run, as far as its migrations may have changed them. */
export async function contentChanges(
  site: Site,
  login: Login,
  runId: string,
): Promise<ContentChanges> {
  const written = await writtenBy(site, runId);
  const ref = { bucket: site.releaseBucket, name: before(runId) };
  const content = written && (await readObject(site.google, ref));
  if (!written || !content) return { differs: [], unchecked: [] };
  const what = 'What the tables held before the run';
  const where = `gs://${ref.bucket}/${ref.name}`;
  const moment = readStored(content, { schema: Before, what, where });
  return withClient(login, (client) => contentSince(client, moment, written));
}

/** What a run's migrations wrote; undefined where none began. */
async function writtenBy(site: Site, runId: string): Promise<Written | undefined> {
  const ref = { bucket: site.releaseBucket, name: written(runId) };
  const content = await readObject(site.google, ref);
  const what = 'What the run’s migrations wrote';
  const where = `gs://${ref.bucket}/${ref.name}`;
  return content && readStored(content, { schema: Written, what, where });
}

async function keepWritten(site: Site, runId: string, now: Written): Promise<void> {
  const ref = { bucket: site.releaseBucket, name: written(runId) };
  await changeObject(site.google, ref, 3, () => jsonOf(now));
}

function jsonOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}

const before = (runId: string): string => `plans/${runId}/content-before.json`;
const written = (runId: string): string => `plans/${runId}/written.json`;
