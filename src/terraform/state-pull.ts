import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';

/** The arguments of `terraform state pull`. */
export function statePullArgs(): readonly string[] {
  return ['state', 'pull'];
}

/** The state's text as it stands in the bucket, or undefined where there is none yet. */
export async function statePull(place: TerraformPlace): Promise<string | undefined> {
  const { stdout } = await runTerraform(place, statePullArgs());
  return stdout.trim() === '' ? undefined : stdout;
}
