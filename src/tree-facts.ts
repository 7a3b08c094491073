/** Which state of the sources a release was made from: facts beside it, no part of its id. */
export type TreeFacts = Checkout | { readonly none: string };

interface Checkout {
  readonly commit: string;
  /** null = a commit was checked out by its id. */
  readonly branch: string | null;
  /** The tree had changes, or files, that the commit has not. */
  readonly dirty: boolean;
}

/** In words, for people: `ab12cd34ef56 on main, with uncommitted changes`. */
export function treeLine(facts: TreeFacts): string {
  if ('none' in facts) return facts.none;
  const where = facts.branch === null ? '' : ` on ${facts.branch}`;
  return `${facts.commit.slice(0, 12)}${where}${facts.dirty ? ', with uncommitted changes' : ''}`;
}
