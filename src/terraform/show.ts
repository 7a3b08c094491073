import { parsePlanJson } from './plan-json.ts';
import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';
import type { PlanJson } from './plan-json.ts';

/** The arguments of `terraform show` of a saved plan as JSON. */
export function showArgs(planFile: string): readonly string[] {
  return ['show', '-no-color', '-json', planFile];
}

/** A saved plan as data; throws a Failure for a format that we do not know. */
export async function show(place: TerraformPlace, planFile: string): Promise<PlanJson> {
  const { stdout } = await runTerraform(place, showArgs(planFile));
  return parsePlanJson(stdout);
}
