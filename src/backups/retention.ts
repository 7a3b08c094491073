/** What the rule needs to know of a backup set. */
export interface KeptSet {
  readonly id: string;
  /** When it was made (ISO 8601, UTC). */
  readonly at: string;
  readonly release: string | null;
  /** Whether its dump was restored for a trial. */
  readonly proven: boolean;
}

/** How many days and weeks keep a set of their own. */
export interface Rule {
  readonly daily: number;
  readonly weekly: number;
}

/**
 * The sets that may go: not the newest of one of the last days or weeks that have one, not the
 * newest of its release, and older than a set that has been proven.
 */
export function setsToPrune(sets: readonly KeptSet[], rule: Rule): readonly string[] {
  const newestFirst = sets.toSorted((a, b) => b.at.localeCompare(a.at) || (a.id < b.id ? -1 : 1));
  const newestProven = newestFirst.find(({ proven }) => proven);
  if (!newestProven) return [];
  const proven = newestFirst.filter((set) => set.proven);
  const kept = new Set([
    ...newestOfEach(proven, ({ at }) => dayOf(at)).slice(0, rule.daily),
    ...newestOfEach(proven, ({ at }) => weekOf(at)).slice(0, rule.weekly),
    ...newestOfEach(proven, ({ release }) => release),
  ]);
  return newestFirst
    .filter(({ id, at }) => !kept.has(id) && at < newestProven.at)
    .map(({ id }) => id);
}

/** The first of each key in the order given; a set without a key stands for none. */
function newestOfEach(
  sets: readonly KeptSet[],
  key: (set: KeptSet) => string | null,
): readonly string[] {
  const first = new Map<string, string>();
  for (const set of sets) {
    const of = key(set);
    if (of !== null && !first.has(of)) first.set(of, set.id);
  }
  return [...first.values()];
}

function dayOf(at: string): string {
  return at.slice(0, 10);
}

const dayMs = 24 * 60 * 60_000;

/** The Monday of the week that a time lies in. */
function weekOf(at: string): string {
  const time = new Date(`${dayOf(at)}T00:00:00Z`);
  const sinceMonday = (time.getUTCDay() + 6) % 7;
  return dayOf(new Date(time.getTime() - sinceMonday * dayMs).toISOString());
}
