import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { statePushFile } from './state-push.ts';
import type { TerraformPlace } from './place.ts';

/**
 * Pushes the `errored.tfstate` of an apply that could not write its state, and says whether there
 * was one. Must come before any other run: applying first would fork the state.
 */
export async function rescueState(place: TerraformPlace): Promise<boolean> {
  const file = join(place.stackDir, 'errored.tfstate');
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return false;
  await statePushFile(place, file);
  await rename(file, `${file}.pushed`);
  return true;
}
