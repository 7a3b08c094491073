import { Failure } from '../failure.ts';
import type { Judgement } from './judge.ts';

/** A service and those of its revisions that are meant, oldest first. */
export interface Judged {
  readonly service: string;
  readonly judgements: readonly Judgement[];
}

/** A Failure with file and statement for every revision that is not what it says it is. */
export function refuseFaults(all: readonly Judged[]): void {
  const faults = all.flatMap(({ service, judgements }) =>
    judgements.flatMap(({ file, revision, faults: found }) =>
      found.map((fault) => `${service}/${file} (${revision}) ${fault}`),
    ),
  );
  if (faults.length === 0) return;
  throw new Failure({
    code: 'MIGRATION_REFUSED',
    what: faults.length === 1 ? 'A migration is refused' : `${faults.length} faults in migrations`,
    why: faults.join('\n'),
    fix: 'Declare the kind of each revision, and split one that is of two kinds: docs/migrations.md.',
  });
}

/**
 * A Failure where a revision takes away what an earlier one of the same rollout replaces: the code
 * in service does not know the replacement yet. `all` holds what the release in force lacks.
 */
export function refuseHastyContracts(all: readonly Judged[]): void {
  const hasty = all.flatMap(({ service, judgements }) => {
    const contract = judgements.findIndex(({ takes }) => takes.length > 0);
    const expand = judgements.slice(0, Math.max(contract, 0)).at(-1);
    const found = judgements[contract];
    if (!expand || !found) return [];
    const { why, statement } = found.takes[0] ?? { why: '', statement: '' };
    return [`${service}/${found.file} ${why} (${statement}) right after ${expand.revision}`];
  });
  if (hasty.length === 0) return;
  throw new Failure({
    code: 'CONTRACT_TOO_EARLY',
    what: 'A migration removes what the deployed code still uses',
    why: `${hasty.join('\n')}\nthe deployed release does not have that revision yet`,
    fix: 'Deploy the expanding revisions first; put the contracting one into a later release.',
  });
}
