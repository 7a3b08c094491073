import { TerraformFailure } from './classify.ts';
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

/**
 * Keeps a half-made resource, so that the next apply mends it in place rather than replaces it.
 * Succeeds where there is nothing to keep, or nothing tainted.
 */
export async function untaint(place: TerraformPlace, address: string): Promise<void> {
  try {
    await runTerraform(place, untaintArgs(address));
  } catch (error) {
    if (!(error instanceof TerraformFailure) || !isSound(error)) throw error;
  }
}

function isSound(failure: TerraformFailure): boolean {
  // Terraform breaks its lines where it likes.
  return /is\s+not\s+currently\s+tainted/.test(failure.tail.join(' '));
}
