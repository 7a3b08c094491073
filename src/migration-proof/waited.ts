import type { Wait } from '../postgres/table-users.ts';

/** Two moments of `performance.now()`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When a revision was applied to the copy, and when the proof itself held it back. */
export interface Course extends Span {
  readonly service: string;
  readonly revision: string;
  /** Seconds; the revision's own, or what windlass.yaml says. */
  readonly lockTimeout: number | undefined;
  readonly pauses: readonly Span[];
}

/** For how long a revision kept the users of a table waiting, at a time. */
export interface Waited {
  readonly table: string;
  readonly readersMs: number;
  readonly writersMs: number;
}

/** The longest waits that began while a revision was applied, without what the proof itself took. */
export function waitedIn(course: Course, waits: readonly Wait[]): readonly Waited[] {
  const found = new Map<string, Waited>();
  for (const wait of waits) {
    if (wait.from < course.from || wait.from >= course.to) continue;
    const { table, who } = wait;
    const before = found.get(table) ?? { table, readersMs: 0, writersMs: 0 };
    const key = `${who}Ms` as const;
    found.set(table, { ...before, [key]: Math.max(before[key], net(wait, course.pauses)) });
  }
  return [...found.values()].filter(({ readersMs, writersMs }) => readersMs + writersMs > 0);
}

function net({ from, to }: Span, pauses: readonly Span[]): number {
  const held = pauses.reduce(
    (sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)),
    0,
  );
  return Math.round(Math.max(0, to - from - held));
}
