import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';

/** The arguments of `terraform state list`. */
export function stateListArgs(): readonly string[] {
  return ['state', 'list'];
}

/** Addresses of everything in the state; none where there is no state yet. */
export async function stateList(place: TerraformPlace): Promise<readonly string[]> {
  const { stdout } = await runTerraform(place, stateListArgs());
  return stdout.split('\n').filter((line) => line !== '');
}
