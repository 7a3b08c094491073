import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { runFiles } from './run-files.ts';

const Identity = z.object({ pid: z.int(), started: z.string() });

/** Who runs Terraform in a run directory (`run.json`). */
export const RunRecord = z.object({
  machine: z.object({ host: z.string(), boot: z.string() }),
  startedAt: z.iso.datetime(),
  cwd: z.string(),
  command: z.array(z.string()),
  supervisor: Identity,
  terraform: Identity.optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** How a run ended (`outcome.json`); written once, when Terraform is gone. */
export const RunOutcome = z.object({
  exitCode: z.int(),
  endedAt: z.iso.datetime(),
  interrupted: z.boolean(),
  error: z.string().optional(),
});
export type RunOutcome = z.infer<typeof RunOutcome>;

/** The record of a run, or undefined where none was begun. */
export async function readRecord(runDir: string): Promise<RunRecord | undefined> {
  return parsed(RunRecord, await readOrNothing(runFiles(runDir).record));
}

/** The outcome of a run, or undefined while it goes on (or was lost). */
export async function readOutcome(runDir: string): Promise<RunOutcome | undefined> {
  return parsed(RunOutcome, await readOrNothing(runFiles(runDir).outcome));
}

/** What a file holds; one that a full disk cut off counts as not there. */
function parsed<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The text of a file, or undefined where it does not exist. */
export async function readOrNothing(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch(() => undefined);
}
