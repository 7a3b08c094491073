import type { Certificate, Rehearsed } from './certificate.ts';
import { wordOf } from './cases.ts';
import { Kind, Moment } from './planted.ts';
import { rehearsedSteps } from './steps.ts';

const width = 8;

/** The certificate as a table: a line per step, what became of each of its failures. */
export function tableOf({ cases }: Certificate): readonly string[] {
  const ended = new Map(
    cases.flatMap(({ cells, passed }) =>
      cells.map((cell) => [keyOf(cell), passed ? wayOf(cell) : 'FAILED'] as const),
    ),
  );
  const line = (name: string, words: readonly string[]) =>
    [name.padEnd(11), ...words.map((word) => word.padEnd(width))].join(' ').trimEnd();
  const group = 3 * width + 2;
  return [
    line(
      '',
      Kind.options.map((kind) => wordOf(kind).padEnd(group)),
    ),
    line(
      '',
      Kind.options.flatMap(() => Moment.options),
    ),
    ...rehearsedSteps.map(({ id: step }) =>
      line(
        step,
        Kind.options.flatMap((kind) =>
          Moment.options.map((when) => ended.get(keyOf({ step, when, class: kind })) ?? '·'),
        ),
      ),
    ),
    ...cases
      .filter(({ cells }) => cells.length === 0)
      .map(({ name, passed }) => `${name}: ${passed ? 'back' : 'FAILED'}`),
  ];
}

/** What the words of the table mean. */
export const legend: readonly string[] = [
  'retried: tried again, went through    back: rolled back, everything is as before',
  'refused: nothing was changed          forward: past the pivot; a reconciliation ended it',
  'approve waits for approval and remove has nothing to remove here: neither is broken.',
];

/** A case in one line. */
export function lineOf({ name, passed, seconds, remark }: Rehearsed): string {
  const time = `${seconds.toFixed(1).padStart(6)} s`;
  return `${passed ? '✔' : '✘'} ${name.padEnd(44)} ${time}  ${remark}`.trimEnd();
}

/** What the users of the database met, in one line. */
export function loadLine({ cases }: Pick<Certificate, 'cases'>): string {
  const seen = cases.flatMap(({ load }) => load ?? []);
  const sum = (key: 'rows' | 'missing') => seen.reduce((all, one) => all + one[key], 0);
  const longest = Math.max(0, ...seen.map(({ longestMs }) => longestMs));
  const gone = sum('missing') === 0 ? 'none is missing' : `${sum('missing')} ARE MISSING`;
  return `under load: users wrote ${sum('rows')} rows meanwhile, ${gone}; they waited ${longest} ms for a table at most`;
}

/** The result in one line. */
export function summaryOf({ release, cases, seconds, passed }: Certificate): string {
  const good = cases.filter((one) => one.passed);
  const failures = good.reduce((sum, { cells }) => sum + cells.length, 0);
  const word = passed ? 'is rehearsed' : 'is NOT rehearsed';
  return `${release} ${word}: ${good.length} of ${cases.length} deploys ended as expected, with ${failures} failures, in ${seconds} s`;
}

type Cell = Rehearsed['cells'][number];

function keyOf({ step, when, class: kind }: Cell): string {
  return `${step} ${when} ${kind}`;
}

function wayOf({ step, class: kind }: Cell): string {
  if (kind !== 'undo') return 'retried';
  if (step === 'plan') return 'refused';
  return step === 'record' ? 'forward' : 'back';
}
