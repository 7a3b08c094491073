import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { terraformFailure } from './classify.ts';
import { superviseTerraform } from './supervise.ts';
import type { TerraformPlace } from './place.ts';
import type { Watch } from './supervise.ts';

export interface PlanOptions {
  /** Where the plan is saved. */
  readonly out: string;
  readonly varFile?: string;
  /** `destroy` plans the end of everything in the state, `refresh-only` only looks. */
  readonly mode?: 'destroy' | 'refresh-only';
  readonly lockTimeoutSeconds?: number;
  /** Leaves the lock to others: for a plan that is looked at and never applied. */
  readonly unlocked?: boolean | undefined;
  /** Addresses to replan alone; for the undo of a single resource. */
  readonly targets?: readonly string[];
}

export interface SavedPlan {
  readonly file: string;
  /** Of the saved file: approval and apply are bound to it. */
  readonly sha256: string;
  readonly empty: boolean;
}

/** The arguments of `terraform plan`; exit code 2 means that there is something to do. */
export function planArgs(options: PlanOptions): readonly string[] {
  return [
    'plan',
    '-input=false',
    '-no-color',
    '-json',
    '-detailed-exitcode',
    options.unlocked ? '-lock=false' : `-lock-timeout=${options.lockTimeoutSeconds ?? 120}s`,
    ...(options.mode === undefined ? [] : [`-${options.mode}`]),
    ...(options.varFile === undefined ? [] : [`-var-file=${options.varFile}`]),
    ...(options.targets ?? []).map((target) => `-target=${target}`),
    `-out=${options.out}`,
  ];
}

/** Plans and saves; nothing but the state lock is touched. Throws a Failure. */
export async function plan(
  place: TerraformPlace,
  options: PlanOptions,
  watch: Watch,
): Promise<SavedPlan> {
  const run = await superviseTerraform({ ...watch, place, argv: planArgs(options) });
  if (run.exitCode !== 0 && run.exitCode !== 2) throw terraformFailure({ command: 'plan', ...run });
  return {
    file: options.out,
    sha256: await sha256Of(options.out),
    empty: run.exitCode === 0,
  };
}

/** The SHA-256 of a saved plan, in hex. */
export async function sha256Of(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
