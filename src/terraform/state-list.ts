import { TerraformFailure } from './classify.ts';
import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';

/** The arguments of `terraform state list`. */
export function stateListArgs(): readonly string[] {
  return ['state', 'list'];
}

/** The addresses of everything in the state; none where there is no state yet. */
export async function stateList(place: TerraformPlace): Promise<readonly string[]> {
  try {
    const { stdout } = await runTerraform(place, stateListArgs());
    return stdout.split('\n').filter((line) => line !== '');
  } catch (error) {
    if (error instanceof TerraformFailure && saysNoState(error)) return [];
    throw error;
  }
}

function saysNoState(failure: TerraformFailure): boolean {
  return failure.tail.some((line) => line.includes('No state file was found'));
}
