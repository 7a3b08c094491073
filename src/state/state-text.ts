import { z } from 'zod';

const State = z.object({
  version: z.literal(4),
  terraform_version: z.string(),
  serial: z.int().nonnegative(),
  lineage: z.string().min(1),
  outputs: z.record(z.string(), z.unknown()),
  resources: z.array(
    z.looseObject({
      module: z.string().optional(),
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      instances: z.array(
        z.looseObject({
          index_key: z.union([z.string(), z.number()]).optional(),
          attributes: z.record(z.string(), z.unknown()).default({}),
        }),
      ),
    }),
  ),
});

/** A Terraform state, as far as it is read; format 4. */
export type StateText = z.infer<typeof State>;

/** The state in a text; undefined where it is none, such as one that was cut. */
export function readState(text: string): StateText | undefined {
  try {
    return State.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The Google projects that the resources of a state lie in. */
export function projectsOf(state: StateText): readonly string[] {
  const named = state.resources.flatMap(({ instances }) =>
    instances.map(({ attributes }) => attributes['project']),
  );
  return [...new Set(named.filter((project) => typeof project === 'string' && project !== ''))]
    .map(String)
    .toSorted();
}

/** The same state with another serial; everything else stays byte for byte what Terraform wrote. */
export function withSerial(text: string, serial: number): string {
  const changed = text.replace(/^(\s*"serial":\s*)\d+/m, `$1${serial}`);
  if (readState(changed)?.serial !== serial) throw new TypeError('the state names no serial');
  return changed;
}
