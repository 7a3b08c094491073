import { z } from 'zod';
import { stackNames } from '../deploy.ts';
import type { StackName } from '../deploy.ts';
import { readObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { stateObject } from '../state/state-object.ts';
import { lasting, passingOf } from './lasting.ts';
import { readStored } from '../stored-json.ts';

const State = z.object({
  resources: z.array(
    z.object({
      module: z.string().optional(),
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      instances: z.array(
        z.object({
          index_key: z.union([z.string(), z.number()]).optional(),
          status: z.string().optional(),
          attributes: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
  ),
});

/** Every resource in the states with its lasting attributes, a line each. */
export async function stateLines(site: Site): Promise<readonly string[]> {
  const found = await Promise.all(stackNames.map((stack) => linesOf(site, stack)));
  return found.flat();
}

function stateIn({ environment }: Site, stack: StackName) {
  const what = `The state of ${stack}`;
  const fix = 'See `windlass state list -e ENVIRONMENT`: `windlass recover` brings a state back.';
  return {
    schema: State,
    what,
    where: `gs://${environment.project}-state/${stack}`,
    newest: 4,
    fix,
  };
}

async function linesOf(site: Site, stack: StackName): Promise<readonly string[]> {
  const content = await readState(site, stack);
  if (!content) return [];
  const { resources } = readStored(content, stateIn(site, stack));
  return resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ module, type, name, instances }) =>
      instances.map(({ index_key, status, attributes }) => {
        const key = index_key === undefined ? '' : `[${JSON.stringify(index_key)}]`;
        const address = `${module ? `${module}.` : ''}${type}.${name}${key}`;
        const lasts = lasting(attributes, passingOf(type, attributes));
        return `state ${stack} ${address} ${status ?? ''} ${JSON.stringify(lasts)}`;
      }),
    );
}

async function readState(site: Site, stack: StackName): Promise<Buffer | undefined> {
  return readObject(site.google, await stateObject(site, stack));
}
