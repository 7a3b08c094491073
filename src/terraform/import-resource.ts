import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';

export interface ImportOptions {
  readonly address: string;
  /** What the provider knows the resource by. */
  readonly id: string;
  readonly varFile: string;
  readonly lockTimeoutSeconds?: number;
}

/** The arguments of `terraform import`, which writes an existing resource into the state. */
export function importArgs(options: ImportOptions): readonly string[] {
  return [
    'import',
    '-input=false',
    '-no-color',
    `-lock-timeout=${options.lockTimeoutSeconds ?? 120}s`,
    `-var-file=${options.varFile}`,
    options.address,
    options.id,
  ];
}

/** Writes a resource that exists into the state; changes nothing in the cloud. */
export async function importResource(place: TerraformPlace, options: ImportOptions): Promise<void> {
  await runTerraform(place, importArgs(options));
}
