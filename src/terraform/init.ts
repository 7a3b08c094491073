import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';

export interface InitOptions {
  readonly bucket: string;
  readonly prefix: string;
}

/** The arguments of `terraform init` on a bucket; endpoint and token come from the environment. */
export function initArgs(options: InitOptions, locked = false): readonly string[] {
  return [
    'init',
    '-input=false',
    '-no-color',
    '-reconfigure',
    ...(locked ? ['-lockfile=readonly'] : []),
    `-backend-config=bucket=${options.bucket}`,
    `-backend-config=prefix=${options.prefix}`,
  ];
}

/** Makes the stack ready to plan; safe to repeat. Throws a Failure. */
export async function init(
  place: TerraformPlace,
  options: InitOptions,
  signal?: AbortSignal,
): Promise<void> {
  const locked = existsSync(join(place.stackDir, '.terraform.lock.hcl'));
  await runTerraform(place, initArgs(options, locked), signal === undefined ? {} : { signal });
}
