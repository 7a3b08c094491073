import { effectOf, isVersionTable } from './effect.ts';
import type { Lost } from './effect.ts';
import { readSql } from './read-sql.ts';
import type { Statement } from './read-sql.ts';
import type { Review } from './review.ts';

/** What a revision says it is, in its own file: `windlass = "expand"`. */
export type Kind = 'expand' | 'contract' | 'irreversible';

/** A statement and what it takes away. */
export interface Finding {
  readonly statement: string;
  readonly why: string;
}

/** A revision, held against its own operations. */
export interface Judgement {
  readonly revision: string;
  readonly kind: Kind | null;
  readonly file: string;
  readonly sha256: string;
  /** What the upgrade takes away from the code in service; none in an `expand`. */
  readonly takes: readonly Finding[];
  readonly back: WayBack;
  /** Why this revision is refused; none where it is what it says. */
  readonly faults: readonly string[];
}

/** What the downgrade costs: nothing, if none of `drops` holds a value and `loses` is empty. */
export interface WayBack {
  readonly exists: boolean;
  /** Tables and columns that it drops: lost is only what has been written to them since. */
  readonly drops: readonly Lost[];
  /** Statements that lose something whatever the tables hold, or that nobody can judge. */
  readonly loses: readonly Finding[];
}

/** Judges one revision by its SQL. */
export function judge(review: Review): Judgement {
  const { revision, declared, file, sha256 } = review;
  const up = operations(review.up);
  const made = new Set<string>();
  const takes = up.flatMap((statement) => {
    const effect = effectOf(statement, made);
    return effect.kind === 'adds' ? [] : [{ statement: short(statement), why: effect.why }];
  });
  const kind = kinds.find((one) => one === declared) ?? null;
  const judged = { revision, kind, file, sha256, takes, back: wayBack(review, up) };
  return { ...judged, faults: [...faultsOf(judged, review), ...interruptible(up)] };
}

function faultsOf(judged: Omit<Judgement, 'faults'>, review: Review): readonly string[] {
  const { kind, takes, back } = judged;
  const [first] = takes;
  if (Array.isArray(review.down)) return ['merges two lines of history: put one after the other'];
  if (review.up === null) return [`cannot be written as SQL (${review.unread})`];
  if (kind === null) return ['declares no kind: say windlass = "expand", "contract" or …'];
  if (kind === 'expand' && first) return [`says expand, but ${first.why}: ${first.statement}`];
  if (kind === 'contract' && !first) return ['says contract, but takes nothing away'];
  if (kind !== 'irreversible' && !back.exists)
    return [`says ${kind}, but has no way back: ${review.noWayBack ?? 'its downgrade is empty'}`];
  return [];
}

/**
 * An index that is built concurrently is committed on the way. Interrupted, it stays behind as an
 * invalid one, and what stood before it in the revision would be done a second time.
 */
function interruptible(up: readonly Statement[]): readonly string[] {
  if (!up.some(({ words }) => words.includes('concurrently'))) return [];
  const other = up.find(({ words }) => !words.includes('concurrently'));
  if (other)
    return [`builds an index concurrently beside ${short(other)}: give it its own revision`];
  const built = up.find(({ words }) => words[0] === 'create');
  if (!built || up[0]?.words.slice(0, 2).join(' ') === 'drop index') return [];
  return [`cannot be repeated: put drop index concurrently if exists before ${short(built)}`];
}

function wayBack(review: Review, up: readonly Statement[]): WayBack {
  const down = operations(review.back);
  const effects = down.map((statement) => ({ statement, effect: effectOf(statement, new Set()) }));
  return {
    exists: review.back !== null && (down.length > 0 || up.length === 0),
    drops: effects.flatMap(({ effect }) =>
      effect.kind === 'loses' && effect.from ? [effect.from] : [],
    ),
    loses: effects.flatMap(({ statement, effect }) =>
      effect.kind === 'unread' || (effect.kind === 'loses' && !effect.from)
        ? [{ statement: short(statement), why: effect.why }]
        : [],
    ),
  };
}

/** The revision's own statements: without the transaction and Alembic's bookkeeping. */
function operations(sql: string | null): readonly Statement[] {
  return readSql(sql ?? '').filter(({ words }) => {
    const [verb = ''] = words;
    const keepsBooks = bookkeeping.has(verb) && words.some(isVersionTable);
    return !keepsBooks && !frame.has(verb);
  });
}

function short({ text }: Statement): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

const kinds: readonly Kind[] = ['expand', 'contract', 'irreversible'];
const bookkeeping = new Set(['insert', 'update', 'delete', 'create', 'drop']);
const frame = new Set(['begin', 'commit', 'set', 'start', 'reset']);
