import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';

/** The arguments of `terraform untaint`. */
export function untaintArgs(address: string, lockTimeoutSeconds = 120): readonly string[] {
  return [
    'untaint',
    '-no-color',
    `-lock-timeout=${lockTimeoutSeconds}s`,
    '-allow-missing',
    address,
  ];
}

/** Keeps a half-made resource, so that the next apply mends it in place rather than replaces it. */
export async function untaint(place: TerraformPlace, address: string): Promise<void> {
  await runTerraform(place, untaintArgs(address));
}
