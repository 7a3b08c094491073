import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import type { Owned } from './judge-things.ts';

/** Throws while the clouds still list something of the environment: its state must not go before. */
export function refuseLeftOver({ name }: Pick<Site, 'name'>, owned: readonly Owned[]): void {
  if (owned.length === 0) return;
  throw new Failure({
    code: 'DESTROY_INCOMPLETE',
    what: `Something of ${name} is still there`,
    why: owned.map((one) => `${one.kind} ${one.name}`).join(', '),
    fix: `Run the command again: \`windlass destroy -e ${name}\`. What it cannot delete, delete by hand.`,
  });
}
