import type { Issue } from './issue.ts';
import { nearest } from './nearest.ts';

interface Ruled {
  readonly environments: Readonly<Record<string, unknown>>;
  readonly migrations: { readonly proof: string; readonly provenBy: string };
  readonly cost: { readonly approveAbove: number; readonly refuseAbove: number };
  readonly drill: { readonly warnAfterDays: number; readonly refuseAfterDays: number };
}

/** Rules of which one makes another void, or that name what is not there. */
export function ruleIssues({ environments, migrations, cost, drill }: Ruled): readonly Issue[] {
  return [
    ...provenIssue(Object.keys(environments), migrations),
    ...orderIssue('cost', ['approveAbove', cost.approveAbove], ['refuseAbove', cost.refuseAbove]),
    ...orderIssue(
      'drill',
      ['warnAfterDays', drill.warnAfterDays],
      ['refuseAfterDays', drill.refuseAfterDays],
    ),
  ];
}

function provenIssue(
  names: readonly string[],
  { proof, provenBy }: Ruled['migrations'],
): readonly Issue[] {
  if (proof !== 'staging' || names.includes(provenBy)) return [];
  const message = `is '${provenBy}', which \`environments\` does not declare`;
  const meant = nearest(provenBy, names) ?? names[0];
  return [{ path: ['migrations', 'provenBy'], message, fix: `Write \`provenBy: ${meant}\`.` }];
}

type Value = readonly [key: string, value: number];

function orderIssue(rule: string, [first, lower]: Value, [second, upper]: Value): readonly Issue[] {
  if (lower <= upper) return [];
  const message = `is ${lower}, and \`${second}\` is ${upper}: it would never have an effect`;
  return [{ path: [rule, first], message, fix: `Write \`${first}: ${upper}\` or less.` }];
}
