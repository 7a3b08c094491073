import { Failure } from '../failure.ts';
import { terraformFailure } from './classify.ts';
import { sha256Of } from './plan.ts';
import { rescueState } from './rescue-state.ts';
import { superviseTerraform } from './supervise.ts';
import type { TerraformPlace } from './place.ts';
import type { SavedPlan } from './plan.ts';
import type { Watch } from './supervise.ts';

export interface ApplyOptions {
  readonly planFile: string;
  readonly lockTimeoutSeconds?: number;
  readonly parallelism?: number;
}

/** The arguments of `terraform apply` of a saved plan. */
export function applyArgs(options: ApplyOptions): readonly string[] {
  return [
    'apply',
    '-input=false',
    '-no-color',
    '-json',
    `-lock-timeout=${options.lockTimeoutSeconds ?? 120}s`,
    `-parallelism=${options.parallelism ?? 10}`,
    options.planFile,
  ];
}

/**
 * Applies exactly the approved plan, under the supervisor. Not to be retried blindly: its Failure's
 * class says whether to look at the world first. A state that could not be written is pushed.
 */
export async function apply(
  place: TerraformPlace,
  plan: Pick<SavedPlan, 'file' | 'sha256'>,
  watch: Watch,
): Promise<void> {
  await checkPlan(plan);
  const argv = applyArgs({ planFile: plan.file });
  const run = await superviseTerraform({ ...watch, place, argv });
  if (run.exitCode === 0) return;
  const failure = terraformFailure({ command: 'apply', ...run });
  await rescueState(place);
  throw failure;
}

async function checkPlan(plan: Pick<SavedPlan, 'file' | 'sha256'>): Promise<void> {
  const found = await sha256Of(plan.file);
  if (found === plan.sha256) return;
  throw new Failure({
    code: 'TERRAFORM_PLAN_CHANGED',
    what: 'The saved plan is not the approved one',
    why: `its SHA-256 is ${found}, approved was ${plan.sha256}.`,
    fix: 'Start again with a new plan.',
  });
}
