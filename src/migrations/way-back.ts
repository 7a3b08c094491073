import type { Effect, Lost } from './effect.ts';
import { readSql } from './grammar.ts';
import { effectsOf } from './judge-statement.ts';
import { nothingMade } from './made.ts';
import type { Made } from './made.ts';
import { isOperation, short } from './operations.ts';
import type { Review } from './review.ts';
import type { Finding } from './verdict.ts';

/** What the downgrade costs: nothing, if none of `drops` holds a value and `loses` is empty. */
export interface WayBack {
  readonly exists: boolean;
  /** What it drops or empties: lost is only what has been written there since. */
  readonly drops: readonly Lost[];
  /** Statements that lose something whatever the tables hold, or that nobody can judge. */
  readonly loses: readonly Finding[];
}

interface Up {
  readonly operations: number;
  /** What stands that the upgrade has made. */
  readonly made: Made;
}

/** Judges the downgrade of a revision, and holds it against what the upgrade has made. */
export async function wayBack(review: Review, up: Up): Promise<WayBack> {
  const made = nothingMade();
  const effects = (await readSql(review.back ?? '')).filter(isOperation).map((statement) => ({
    statement: short(statement),
    found: effectsOf(statement, made).filter(({ kind }) => kind !== 'tightens'),
  }));
  // An upgrade that cannot be written as SQL may have made whatever the downgrade drops.
  const known = review.up === null ? undefined : up.made;
  const asks = (review.asks?.back ?? []).map((name) => ({
    statement: name,
    why: 'checks whether a database is present',
  }));
  return {
    exists: review.back !== null && (effects.length > 0 || up.operations === 0),
    drops: effects.flatMap(({ found }) =>
      found.flatMap((effect) => (isUndone(effect, known) ? [effect.from] : [])),
    ),
    loses: [
      ...asks,
      ...effects.flatMap(({ statement, found }) =>
        found
          .filter((effect) => !isUndone(effect, known))
          .map((effect) => ({ statement, why: `${effect.why}${stranger(effect, known)}` })),
      ),
    ],
  };
}

/** Does this take away only what the upgrade has made? Then what it holds now decides. */
function isUndone(
  effect: Effect,
  made: Made | undefined,
): effect is Effect & { readonly from: Lost } {
  if (effect.kind !== 'loses' || !effect.from) return false;
  const { table, column, kind } = effect.from;
  if (made === undefined) return true;
  if (column !== undefined) return made.hasColumn(table, column);
  return made.has(
    kind === undefined || ['sequence', 'view'].includes(kind) ? table : `${kind} ${table}`,
  );
}

function stranger(effect: Effect, made: Made | undefined): string {
  const names = effect.kind === 'loses' && effect.from !== undefined;
  return names && made ? ', which the upgrade did not make' : '';
}
