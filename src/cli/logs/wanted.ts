import { Patience } from '../../config/patience.ts';
import { nearest } from '../../config/nearest.ts';
import { Failure } from '../../failure.ts';
import { stepNames } from './step-names.ts';

/** Whose lines a name asks for. */
export type Whose = { readonly services: readonly string[] } | { readonly step: string };

/** Every service where nothing is named; a Failure where the name is neither a service nor a step. */
export function whose(name: string | undefined, services: readonly string[]): Whose {
  if (name === undefined) return { services };
  if (services.includes(name)) return { services: [name] };
  if (stepNames.includes(name)) return { step: name };
  const near = nearest(name, [...services, ...stepNames]);
  throw new Failure({
    code: 'USAGE',
    what: `'${name}' is neither a service nor a step`,
    why: `services: ${services.join(', ')}; steps: ${stepNames.join(', ')}`,
    fix: near === undefined ? 'Name one of these.' : `Did you mean \`${near}\`?`,
  });
}

/** Seconds that a flag such as `10m` means; a Failure where it means none. */
export function secondsIn(text: string): number {
  const read = Patience.safeParse(text);
  if (read.success && !/^\d+$/.test(text)) return read.data;
  throw new Failure({
    code: 'USAGE',
    what: `--since does not take '${text}'`,
    why: 'it is a number with a unit: s, m, h or d; at most 365d',
    fix: 'Give it as in `--since 10m`.',
  });
}
