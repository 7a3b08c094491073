import { z } from 'zod';
import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';

/** The arguments of `terraform output` as JSON. */
export function outputArgs(): readonly string[] {
  return ['output', '-no-color', '-json'];
}

const Outputs = z.record(z.string(), z.object({ value: z.unknown() }));

/** The values of the stack's outputs, by name; the caller parses them. */
export async function output(place: TerraformPlace): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await runTerraform(place, outputArgs());
  const outputs = Outputs.parse(JSON.parse(stdout));
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
