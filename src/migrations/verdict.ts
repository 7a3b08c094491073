/** A statement and what it takes away, or why nobody can tell. */
export interface Finding {
  readonly statement: string;
  readonly why: string;
}

/**
 * What the text of a revision's upgrade can tell. A text alone never proves that a revision is what
 * it says: it is the claim that the run on a copy of the rows is held against.
 */
export interface Verdict {
  /**
   * `effect`: the text does not tell all that the revision does (it cannot be written as SQL
   * without a database, behaves differently with one, or holds code that the grammar does not see
   * into). It is not refused for that; what it does to the copy of the rows decides.
   */
  readonly judgedBy: 'text' | 'effect';
  /** What the text does not tell, and why; empty where `text` judges. */
  readonly unread: readonly Finding[];
}
