import { z } from 'zod';
import { Failure } from '../failure.ts';
import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';
import { readStored } from '../stored-json.ts';

/** The oldest Terraform that knows write-only arguments. */
export const oldestTerraform = '1.11.0';

/** The arguments of `terraform version` as JSON. */
export function versionArgs(): readonly string[] {
  return ['version', '-json'];
}

const Answer = z.object({ terraform_version: z.string() });

/** Terraform's version; throws a Failure where the binary is missing or too old. */
export async function version(place: TerraformPlace): Promise<string> {
  const { stdout } = await runTerraform(place, versionArgs()).catch((cause: unknown) => {
    throw new Failure({ ...missing(place.binary), cause });
  });
  const what = 'The version of Terraform';
  const fix = 'Name another binary: `export WINDLASS_TERRAFORM=/path/to/terraform`.';
  const where = `${place.binary} version -json`;
  const found = readStored(stdout, { schema: Answer, what, where, fix }).terraform_version;
  if (isOlder(found, oldestTerraform)) throw new Failure(tooOld(found));
  return found;
}

function isOlder(found: string, least: string): boolean {
  const [a, b] = [numbers(found), numbers(least)];
  const index = a.findIndex((part, i) => part !== b[i]);
  return index >= 0 && (a[index] ?? 0) < (b[index] ?? 0);
}

function numbers(version: string): readonly number[] {
  return version.replace(/-.*/, '').split('.').map(Number);
}

function missing(binary: string) {
  return {
    code: 'TERRAFORM_MISSING',
    what: `Terraform cannot be run (${binary})`,
    why: 'The binary is not on PATH or does not start.',
    fix: `Install Terraform ${oldestTerraform} or newer, or point TF_BINARY at it.`,
  };
}

function tooOld(found: string) {
  return {
    code: 'TERRAFORM_TOO_OLD',
    what: `Terraform ${found} is too old`,
    why: `infra/ needs ${oldestTerraform} or newer.`,
    fix: 'Install a newer one, or point TF_BINARY at it.',
  };
}
