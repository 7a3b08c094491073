import type { Effects } from './effect.ts';
import { readSql } from './grammar.ts';
import type { Statement } from './grammar.ts';
import { interruptible } from './interruptible.ts';
import { effectsOf } from './judge-statement.ts';
import { nothingMade } from './made.ts';
import { judgeProgram } from './judge-program.ts';
import { isBookkeeping, isOperation, short } from './operations.ts';
import type { Review } from './review.ts';
import type { Finding, Verdict } from './verdict.ts';
import { wayBack } from './way-back.ts';
import type { WayBack } from './way-back.ts';

/** What a revision says it is, in its own file: `windlass = "expand"`. */
export type Kind = 'expand' | 'contract' | 'irreversible';

/** A revision, held against its own operations. */
export interface Judgement extends Verdict {
  readonly revision: string;
  readonly kind: Kind | null;
  readonly file: string;
  readonly sha256: string;
  /** It is a program of the user's: only what it does to the copy says what it is. */
  readonly program?: true;
  /** What the upgrade takes away from the code in service; none in an `expand`. */
  readonly takes: readonly Finding[];
  readonly back: WayBack;
  /** Why this revision is refused; none where it is what it says, as far as its text tells. */
  readonly faults: readonly string[];
}

/** Judges one revision by its SQL, as Postgres' own grammar reads it. */
export async function judge(review: Review): Promise<Judgement> {
  if (review.tool === 'command') return judgeProgram(review);
  const { revision, file, sha256 } = review;
  const all = await readSql(review.up ?? '');
  const made = nothingMade();
  const judged = all.map((statement) => ({ statement, effects: effectsOn(statement, made) }));
  const up = judged.filter(({ statement }) => isOperation(statement));
  const unread = [...unreadable(review), ...findings(judged, ({ kind }) => kind === 'unread')];
  const taken = findings(judged, ({ kind }) => kind !== 'unread');
  const back = await wayBack(review, { operations: up.length, made });
  const kind = kindOf(review, { takes: taken.length > 0, back: back.exists });
  const verdict: Omit<Judgement, 'faults'> = {
    ...{ revision, kind, file, sha256 },
    // An expand that its text does not wholly show is believed until the copy says otherwise.
    takes: kind === 'expand' ? taken : [...taken, ...unread],
    judgedBy: unread.length === 0 ? 'text' : 'effect',
    unread,
    back,
  };
  return { ...verdict, faults: [...faultsOf(verdict, review), ...interruptible(all)] };
}

/** What a revision says that it is; a file of plain SQL that says nothing is what its text shows. */
function kindOf(
  { declared, tool }: Review,
  shown: { readonly takes: boolean; readonly back: boolean },
): Kind | null {
  const said = kinds.find((one) => one === declared);
  if (said || tool !== 'sql' || (declared !== null && declared !== undefined)) return said ?? null;
  if (!shown.back) return 'irreversible';
  return shown.takes ? 'contract' : 'expand';
}

interface Judged {
  readonly statement: Statement;
  readonly effects: Effects;
}

function findings(
  judged: readonly Judged[],
  wanted: (effect: Effects[number]) => boolean,
): readonly Finding[] {
  return judged.flatMap(({ statement, effects }) =>
    effects.filter(wanted).map(({ why }) => ({ statement: short(statement), why })),
  );
}

/** Why the text does not tell all that the upgrade does, beside its statements. */
function unreadable({ up, unread, asks, file }: Review): readonly Finding[] {
  if (up === null)
    return [{ statement: file, why: `cannot be written as SQL without a database (${unread})` }];
  return (asks?.up ?? []).map((name) => ({
    statement: name,
    why: 'checks whether a database is present',
  }));
}

function faultsOf(judged: Omit<Judgement, 'faults'>, review: Review): readonly string[] {
  const { kind, takes, back } = judged;
  const [first] = takes;
  if (Array.isArray(review.down)) return ['merges two lines of history: put one after the other'];
  if (kind === null && review.tool === 'sql')
    return [`says it is ${String(review.declared)}: that is expand, contract or irreversible`];
  if (kind === null)
    return ['declares no kind: say windlass = "expand", "contract" or "irreversible"'];
  if (kind === 'expand' && first)
    return takes.map(({ why, statement }) => `says expand, but ${why}: ${statement}`);
  if (kind === 'contract' && !first) return ['says contract, but removes nothing'];
  if (kind !== 'irreversible' && !back.exists)
    return [`says ${kind}, but has no downgrade: ${review.noWayBack ?? 'its downgrade is empty'}`];
  return [];
}

/** Alembic's own statement on its version table changes nothing that is judged. */
function effectsOn(statement: Statement, made: ReturnType<typeof nothingMade>): Effects {
  return isBookkeeping(statement) ? [] : effectsOf(statement, made);
}

const kinds: readonly Kind[] = ['expand', 'contract', 'irreversible'];
