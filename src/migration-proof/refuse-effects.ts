import { Failure } from '../failure.ts';
import { judge } from '../migrations/judge.ts';
import { blame, short } from './blame.ts';
import { faultsOfProgram, programFix, withoutBooks } from './program-effects.ts';
import type { Review } from '../migrations/review.ts';
import type { Effects, RoundTrip } from './witness.ts';

interface Seen {
  readonly effects: readonly Effects[];
  readonly trips: readonly RoundTrip[];
}

/** A Failure for every revision that did something else on the copy than it says of itself. */
export async function refuseEffects(
  reviews: Readonly<Record<string, readonly Review[]>>,
  { effects, trips }: Seen,
): Promise<void> {
  const faults: string[] = [];
  for (const effect of effects) {
    const review = reviews[effect.service]?.find(({ revision }) => revision === effect.revision);
    if (!review) continue;
    const where = `${effect.service}/${review.file} (${effect.revision})`;
    for (const fault of await faultsOf(effect, review)) faults.push(`${where} ${fault}`);
  }
  if (faults.length === 0)
    for (const trip of trips) faults.push(...(await tripFaults(trip, reviews)));
  if (faults.length === 0) return;
  const [first = ''] = faults;
  throw new Failure({
    code: 'MIGRATION_EFFECT',
    what:
      faults.length === 1
        ? 'A migration did something else on the copy than it declares'
        : `${faults.length} faults of migrations, seen on the copy of the data`,
    why: faults.slice(0, 12).join('\n'),
    fix: fixFor(first, reviews),
  });
}

function fixFor(fault: string, reviews: Readonly<Record<string, readonly Review[]>>): string {
  if (fault.includes('row security hides')) return policy;
  const programs = Object.values(reviews)
    .flat()
    .filter(({ tool }) => tool === 'command');
  const meant = programs.find(({ revision }) => fault.includes(revision));
  return meant ? programFix(meant) : kinds;
}

async function faultsOf(effect: Effects, review: Review): Promise<readonly string[]> {
  if (review.tool === 'command') return faultsOfProgram(effect, review);
  const { halves, hidden } = effect;
  const [half] = halves;
  const faults = half === undefined ? [] : [`is committed halfway, after ${short(half)}`];
  faults.push(...hidden.map(short));
  if ((await judge(review)).kind !== 'expand') return faults;
  const says = review.declared === null ? 'is an expand by its text' : 'says expand';
  const blamed = (change: string) => `${change}${blame(effect, change)}`;
  faults.push(...effect.rows.map((change) => `${says}, but changed rows: ${blamed(change)}`));
  faults.push(...effect.catalog.map((change) => `${says}, but changed ${blamed(change)}`));
  return faults.length > 0 ? faults : onlyOnline(effect, review);
}

/** What was executed, judged by the same rules as the SQL that was written offline. */
async function onlyOnline({ statements }: Effects, review: Review): Promise<readonly string[]> {
  const executed = await Promise.resolve(judge({ ...review, up: statements.join(';\n') }));
  const offline = await Promise.resolve(judge(review));
  return executed.takes
    .filter(({ why }) => !doubts.test(why))
    .filter(
      ({ why, statement }) =>
        !offline.takes.some((one) => one.why === why && one.statement === statement),
    )
    .map(
      ({ why, statement }) => `executes code that its SQL does not show, and ${why}: ${statement}`,
    );
}

async function tripFaults(
  { service, back, again }: RoundTrip,
  reviews: Readonly<Record<string, readonly Review[]>>,
): Promise<readonly string[]> {
  const all = reviews[service] ?? [];
  const judged = await Promise.all(all.map((review) => judge(review)));
  const names = all.map(({ revision }) => revision).join(', ');
  // What a contract took away comes back empty, and need not be what it was.
  const lossless = judged.every(({ kind }) => kind === 'expand');
  const down = lossless ? withoutBooks(back, service, all[0]) : [];
  return [
    ...down.map(
      (line) => `${service}: the downgrade of ${names} does not restore the schema: ${short(line)}`,
    ),
    ...withoutBooks(again, service, all[0]).map(
      (line) => `${service}: ${names}, applied again, differs: ${short(line)}`,
    ),
  ];
}

// The text alone does not tell: the effect has told.
const doubts = /cannot be (judged|written)|asks whether|is no SQL/;

const kinds =
  'The real schemas were not changed. Declare in the revision what it is (contract, irreversible), or split it: docs/migrations.md.';
const policy =
  'Nothing of the real schemas was touched. Let its owner see all rows for the while: `create policy windlass_fill on TABLE to SERVICE_owner using (true) with check (true)` before the statement, `drop policy windlass_fill on TABLE` after it.';
