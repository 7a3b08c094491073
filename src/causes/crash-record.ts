import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failureText } from '../failure.ts';
import { asKnown } from './known-failure.ts';

const CrashRecord = z.object({
  version: z.literal(1),
  at: z.string(),
  pid: z.int(),
  /** Whether the worker ended by it. */
  fatal: z.boolean(),
  /** The activities that failed by it. */
  activities: z.array(z.string()),
  code: z.string(),
  what: z.string(),
  why: z.string(),
  fix: z.string(),
});
export type CrashRecord = z.infer<typeof CrashRecord>;

/** Writes down the newest uncaught error, for whoever watches; never throws. */
export function writeCrash(
  home: string,
  error: unknown,
  about: Pick<CrashRecord, 'fatal' | 'activities'>,
): CrashRecord {
  const { code, what, why, fix } = failureText(asKnown(error));
  const at = new Date().toISOString();
  const record = { version: 1, at, pid: process.pid, ...about, code, what, why, fix } as const;
  try {
    mkdirSync(join(home, 'run'), { recursive: true });
    writeFileSync(crashFile(home), JSON.stringify(record));
  } catch {
    // The disk may be what is wrong; the worker's log and the failed activity say it too.
  }
  return record;
}

/** The newest uncaught error in a worker of this home; undefined where there is none. */
export async function readCrash(home: string): Promise<CrashRecord | undefined> {
  const text = await readFile(crashFile(home), 'utf8').catch(() => '');
  try {
    return CrashRecord.parse(JSON.parse(text));
  } catch {
    return undefined; // half written by a full disk, or of another version
  }
}

function crashFile(home: string): string {
  return join(home, 'run', 'crash.json');
}
