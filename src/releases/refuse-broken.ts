import { Failure } from '../failure.ts';
import type { ReleaseShelf } from '../site.ts';
import type { Break } from './verify-ledger.ts';

/** LEDGER_BROKEN where a chain has breaks: nothing is done by what it says before it is mended. */
export function refuseBroken({ releaseBucket }: ReleaseShelf, breaks: readonly Break[]): void {
  const [first] = breaks;
  if (!first) return;
  const more = breaks.length > 1 ? `; and ${breaks.length - 1} more` : '';
  throw new Failure({
    code: 'LEDGER_BROKEN',
    what: `The ledger was changed: ${first.name}`,
    why: `gs://${releaseBucket}/ledger/${first.name}: ${first.problem}${more}`,
    fix: 'See `windlass ledger verify -e ENVIRONMENT`; `windlass ledger repair -e ENVIRONMENT` restores the entries from older generations in the bucket. Then find out who changed them.',
  });
}
