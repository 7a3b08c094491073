import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { held } from '../held.ts';
import { assertMayWrite } from '../lease/fence.ts';
import { follow } from './follow.ts';
import { leftAlone, lost, mixedUp, neverBegan } from './run-failures.ts';
import { runFiles } from './run-files.ts';
import { readOrNothing, readOutcome, readRecord } from './run-record.ts';
import type { RunOutcome, RunRecord } from './run-record.ts';
import { runState } from './run-state.ts';
import { startSupervisor } from './start-supervisor.ts';
import { stopRun } from './stop-run.ts';
import { readStream } from './stream.ts';
import type { Diagnostic } from './stream.ts';
import type { TerraformPlace } from './place.ts';
import type { Progress } from './progress.ts';

/** How to watch a run. */
export interface Watch {
  /** The run's own folder: its key. One key runs one command, once. */
  readonly runDir: string;
  /** Asks Terraform to stop. */
  readonly signal?: AbortSignal;
  /** Stops watching; Terraform goes on, and the next call with this key adopts it. */
  readonly leave?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds between SIGINT and SIGKILL; longer than the longest call of the provider. */
  readonly graceMs?: number;
}

export interface SupervisedRun {
  readonly exitCode: number;
  readonly interrupted: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly tail: readonly string[];
}

type Supervised = Watch & { readonly place: TerraformPlace; readonly argv: readonly string[] };

const beatMs = 100;
const firstBeatsMs = 10; // until the supervisor has written its record

/**
 * Runs a command under a supervisor that outlives us, or adopts the one that already runs for this
 * key, or answers at once where it has ended. Throws a Failure where the outcome cannot be known.
 */
export async function superviseTerraform(options: Supervised): Promise<SupervisedRun> {
  const { runDir, place, argv } = options;
  await mkdir(runDir, { recursive: true, mode: 0o700 });
  const kept = await readOutcome(runDir);
  const before = await readRecord(runDir);
  const { record, ended } = before ? { record: before, ended: never } : await begin(options);
  const command = [place.binary, ...argv];
  if (record.cwd !== place.stackDir || record.command.join('\0') !== command.join('\0'))
    throw mixedUp(runDir, record.command);
  const outcome = kept ?? (await watch(options, ended));
  const { stdout, stderr } = runFiles(runDir);
  const said = readStream((await readOrNothing(stdout)) ?? '', (await readOrNothing(stderr)) ?? '');
  const tail = outcome.error === undefined ? said.tail : [...said.tail, outcome.error];
  return { ...outcome, diagnostics: said.diagnostics, tail };
}

interface Begun {
  readonly record: RunRecord;
  /** Kept when a supervisor of ours ends: nobody then waits for the next beat. */
  readonly ended: Promise<unknown>;
}

const never = new Promise<never>(() => undefined);

async function begin({ runDir, place, argv, graceMs }: Supervised): Promise<Begun> {
  assertMayWrite();
  const supervisor = startSupervisor({ runDir, place, argv, graceMs: graceMs ?? 6 * 60_000 });
  const ended = new Promise((resolve) => supervisor.once('exit', resolve));
  for (;;) {
    const gone = supervisor.exitCode !== null || supervisor.pid === undefined;
    const record = await readRecord(runDir);
    if (record) return { record, ended };
    if (gone) throw neverBegan(runDir);
    await pause(firstBeatsMs);
  }
}

async function watch(
  { runDir, signal, leave, onProgress }: Supervised,
  ended: Promise<unknown>,
): Promise<RunOutcome> {
  const progress = follow(runFiles(runDir).stdout, onProgress);
  let gone = false;
  const atEnd = held(ended.then(() => (gone = true)));
  let asked = false;
  for (;;) {
    const state = await runState(runDir);
    await progress();
    if (state === 'lost') throw lost(runDir);
    const outcome = state === 'ended' ? await readOutcome(runDir) : undefined;
    if (outcome) return outcome;
    if (leave?.aborted) throw leftAlone(runDir);
    if (signal?.aborted && !asked) asked = await stopRun(runDir);
    await (gone ? pause(beatMs) : Promise.race([pause(beatMs), atEnd]));
  }
}
