import { acceptanceOf } from '../migrations/judge-program.ts';
import type { Review } from '../migrations/review.ts';
import { blame, short } from './blame.ts';
import type { Effects } from './witness.ts';

/** Why a program is not what it is taken for: it commits as it likes, and only adds unless accepted. */
export function faultsOfProgram(effect: Effects, review: Review): readonly string[] {
  const { service, hidden } = effect;
  const unseen = hidden.map(short);
  if (review.declared === 'contract') return unseen;
  const blamed = (change: string) => `${change}${blame(effect, change)}`;
  const rows = withoutBooks(effect.rows, service, review);
  const catalog = withoutBooks(effect.catalog, service, review);
  return [
    ...unseen,
    ...rows.map((change) => `is not accepted, and changed rows: ${blamed(change)}`),
    ...catalog.map((change) => `is not accepted, and changed ${blamed(change)}`),
  ];
}

/** Lines about what the program keeps its own books in may say what they like. */
export function withoutBooks(
  lines: readonly string[],
  schema: string,
  review: Review | undefined,
): readonly string[] {
  const books = review?.tool === 'command' ? review.books : undefined;
  if (!books) return lines;
  const own = [
    ...[`${schema}.${books}`, `"${schema}".${books}`],
    ...[`${schema}."${books}"`, `"${schema}"."${books}"`],
  ];
  return lines.filter(
    (line) =>
      !own.some((name) => line.startsWith(`${name} `)) &&
      !line.includes(`${schema} ${books}`) &&
      !line.includes(`"${books}"`),
  );
}

/** What lets a program through, or where its own books have to be named. */
export function programFix({ revision, books }: Review): string {
  const table = books ? '' : ', name the table of its own books (`table`) if that is all';
  return `The real schemas were not changed. Let the program only add${table}, or accept the change by name: --accept ${acceptanceOf(revision)} (docs/migrations.md).`;
}
