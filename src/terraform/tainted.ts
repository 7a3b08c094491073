import { z } from 'zod';
import { statePull } from './state-pull.ts';
import type { TerraformPlace } from './place.ts';
import { readStored } from '../stored-json.ts';

const State = z.object({
  resources: z
    .array(
      z.object({
        module: z.string().optional(),
        type: z.string(),
        name: z.string(),
        instances: z.array(
          z.object({
            index_key: z.union([z.string(), z.number()]).optional(),
            status: z.string().optional(),
          }),
        ),
      }),
    )
    .default([]),
});

/** Addresses of the resources of a type that the state calls tainted: begun and not completed. */
export async function taintedOf(place: TerraformPlace, type: string): Promise<readonly string[]> {
  const text = await statePull(place);
  if (text === undefined) return [];
  const { resources } = readStored(text, {
    schema: State,
    what: 'The state',
    where: 'terraform state pull',
    newest: 4,
  });
  return resources
    .filter((resource) => resource.type === type)
    .flatMap(({ module, name, instances }) =>
      instances
        .filter(({ status }) => status === 'tainted')
        .map(({ index_key }) => {
          const key = index_key === undefined ? '' : `[${JSON.stringify(index_key)}]`;
          return `${module ? `${module}.` : ''}${type}.${name}${key}`;
        }),
    );
}
