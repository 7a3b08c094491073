import { z } from 'zod';
import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';
import { readStored } from '../stored-json.ts';

/** The arguments of `terraform output` as JSON. */
export function outputArgs(): readonly string[] {
  return ['output', '-no-color', '-json'];
}

const Outputs = z.record(z.string(), z.object({ value: z.unknown() }));

/** The values of the stack's outputs, by name; the caller parses them. */
export async function output(place: TerraformPlace): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await runTerraform(place, outputArgs());
  const what = 'The outputs of a stack';
  const where = 'terraform output -json';
  const fix = 'Run `terraform version`: Windlass needs 1.11 or later.';
  const outputs = readStored(stdout, { schema: Outputs, what, where, fix });
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
