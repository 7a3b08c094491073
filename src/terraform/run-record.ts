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
  const text = await readOrNothing(runFiles(runDir).record);
  return text === undefined ? undefined : RunRecord.parse(JSON.parse(text));
}

/** The outcome of a run, or undefined while it goes on (or was lost). */
export async function readOutcome(runDir: string): Promise<RunOutcome | undefined> {
  const text = await readOrNothing(runFiles(runDir).outcome);
  return text === undefined ? undefined : RunOutcome.parse(JSON.parse(text));
}

/** The text of a file, or undefined where it does not exist. */
export async function readOrNothing(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch(() => undefined);
}
