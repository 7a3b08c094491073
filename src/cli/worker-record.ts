import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Place } from '../endpoints.ts';
import { replaceWhole } from '../terraform/write-whole.ts';

const WorkerRecord = z.object({
  pid: z.int(),
  started: z.string(),
  /** Digest of all its code and settings. */
  code: z.string(),
  /** Build id of its workflows; absent until it is ready, and in an older Windlass's record. */
  build: z.string().optional(),
});
export type WorkerRecord = z.infer<typeof WorkerRecord>;

/** What is written down of the background worker of this home. */
export async function readRecord(place: Place): Promise<WorkerRecord | undefined> {
  return readOne(recordFile(place));
}

/** Writes it down. */
export async function writeRecord(place: Place, record: WorkerRecord): Promise<void> {
  await mkdir(join(place.home, 'run'), { recursive: true });
  await replaceWhole(recordFile(place), record);
}

/** Takes it away; true for the one of many that did. */
export async function takeRecord(place: Place): Promise<boolean> {
  return rm(recordFile(place)).then(
    () => true,
    () => false,
  );
}

/** Makes room for another worker; the one that is there stays known, so that it can be ended. */
export async function setAside(place: Place): Promise<void> {
  const record = await readRecord(place);
  if (record) await rename(recordFile(place), asideFile(place, record.pid));
}

/** The older workers that were set aside. */
export async function olderRecords({ home }: Place): Promise<readonly WorkerRecord[]> {
  const names = await readdir(join(home, 'run')).catch(() => []);
  const older = names.filter((name) => /^worker-\d+\.json$/.test(name));
  const records = await Promise.all(older.map((name) => readOne(join(home, 'run', name))));
  return records.filter((record) => record !== undefined);
}

/** Forgets a worker that has ended. */
export async function forget(place: Place, { pid }: WorkerRecord): Promise<void> {
  const current = await readRecord(place);
  const file = current?.pid === pid ? recordFile(place) : asideFile(place, pid);
  await rm(file, { force: true });
}

async function readOne(file: string): Promise<WorkerRecord | undefined> {
  try {
    return WorkerRecord.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // none, or cut off by an older Windlass on a full disk
  }
}

function asideFile({ home }: Place, pid: number): string {
  return join(home, 'run', `worker-${pid}.json`);
}

function recordFile({ home }: Place): string {
  return join(home, 'run', 'worker.json');
}
