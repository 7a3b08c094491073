import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';

/** The arguments of `terraform state push`; never forced, so an older serial is refused. */
export function statePushArgs(file: string, lockTimeoutSeconds = 120): readonly string[] {
  return ['state', 'push', `-lock-timeout=${lockTimeoutSeconds}s`, file];
}

/** Writes a state's text to the bucket, under the lock; throws a Failure. */
export async function statePush(place: TerraformPlace, text: string): Promise<void> {
  await runTerraform(place, statePushArgs('-'), { input: text });
}

/** Writes a state file to the bucket, under the lock; throws a Failure. */
export async function statePushFile(place: TerraformPlace, file: string): Promise<void> {
  await runTerraform(place, statePushArgs(file));
}
