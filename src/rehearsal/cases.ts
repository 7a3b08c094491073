import type { Kind, Moment, Planted } from './planted.ts';
import { rehearsedSteps } from './steps.ts';
import type { RehearsedStep } from './steps.ts';

/** One field of the table: a step, the moment and the class of its failure. */
export interface Cell {
  readonly step: string;
  readonly when: Moment;
  readonly class: Kind;
}

/** One command of a case, how it must end, and what the world must be like afterwards. */
export interface Leg {
  readonly command: readonly string[];
  readonly outcome: 'succeeded' | 'rejected' | 'rolled-back' | 'failed-past-pivot';
  readonly failedStep?: string;
  /** `before`: as the case found it; `deployed`: as the release says. */
  readonly world?: 'before' | 'deployed';
}

/** What is planted for one deploy, and all that must come of it; its end is where it began. */
export interface Case {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly planted: readonly Planted[];
  readonly refusal?: RehearsedStep['refusal'];
  readonly legs: readonly Leg[];
}

const moments: readonly Moment[] = ['before', 'during', 'after'];
const wayBack: Leg = { command: ['rollback'], outcome: 'succeeded', world: 'before' };

/** Every step × before, during, after × the three classes; of these steps alone where named. */
export function allCases(only: readonly string[] = []): readonly Case[] {
  const chosen = rehearsedSteps.filter(({ id }) => only.length === 0 || only.includes(id));
  const back = chosen.filter(({ id }) => id !== 'record');
  const kinds = ['reconcile', 'retry'] as const;
  return [
    // Those that wait longest come first, so that the lanes end at about the same time.
    ...(back.length === 0
      ? []
      : kinds.flatMap((kind) => moments.map((when) => passing(back, when, kind)))),
    ...chosen
      .filter(({ id }) => id === 'record')
      .flatMap((record) => [
        ...moments.map((when) => pastPivot(record, when)),
        ...kinds.map((kind) => recovering(record, kind)),
      ]),
    ...back.filter(({ how }) => how === 'stop').map(cutThenFatal),
    ...back.toReversed().flatMap((step) => moments.map((when) => fatal(step, when))),
  ];
}

/**
 * Every step fails once after its effect, all of it is wound back; then one refusal by the cloud; then
 * a failure after the traffic has moved, which is reconciled.
 */
export function shortCases(): readonly Case[] {
  const all = allCases();
  const names = [
    'transient after every step',
    'permanent during services',
    'permanent before record',
  ];
  return all.filter(({ name }) => names.includes(name));
}

/** A failure that no retry mends: nothing is touched, or all is wound back. */
function fatal(step: RehearsedStep, when: Moment): Case {
  const refused = when === 'during' && step.refusal;
  const outcome = step.id === 'plan' ? 'rejected' : 'rolled-back';
  return {
    name: `permanent ${when} ${step.id}`,
    cells: [{ step: step.id, when, class: 'undo' }],
    planted: refused ? [] : [plant(step, when, 'undo')],
    ...(refused && { refusal: refused }),
    legs: [{ command: ['deploy'], outcome, failedStep: step.id, world: 'before' }],
  };
}

/**
 * The case where nobody asks the service anything but its start-up probe: a revision that answers
 * wrongly is noticed by no smoke test, so that one is broken instead.
 */
export function unlessAsked(one: Case, asked: boolean): Case {
  const smoke = rehearsedSteps.find(({ id }) => id === 'smoke');
  if (asked || smoke === undefined || one.refusal !== smoke.refusal) return one;
  const { refusal: _, ...rest } = one;
  return { ...rest, planted: [plant(smoke, 'during', 'undo')] };
}

/** A failure after the traffic has moved: nothing is wound back until somebody reconciles. */
function pastPivot(step: RehearsedStep, when: Moment): Case {
  const reconciling = { command: ['recover', '--reconcile'], outcome: 'succeeded' } as const;
  return {
    name: `permanent ${when} ${step.id}`,
    cells: [{ step: step.id, when, class: 'undo' }],
    planted: [plant(step, when, 'undo')],
    legs: [
      { command: ['deploy'], outcome: 'failed-past-pivot', failedStep: step.id },
      // Once it is in the ledger the release stands, and that is where a reconciliation leads.
      ...(when === 'after'
        ? [{ ...reconciling, world: 'deployed' } as const, wayBack]
        : [{ ...reconciling, world: 'before' } as const]),
    ],
  };
}

/** A power cut that no retry mends either: what the dead attempt did is wound back all the same. */
function cutThenFatal(step: RehearsedStep): Case {
  const { id: failedStep, activity } = step;
  return {
    name: `power cut during ${failedStep}, then permanent`,
    cells: [],
    planted: [
      plant(step, 'during', 'reconcile'),
      { ...edge, activity, when: 'before', class: 'undo' },
    ],
    legs: [{ command: ['deploy'], outcome: 'rolled-back', failedStep, world: 'before' }],
  };
}

/** Every step fails once and passes then; a last failure winds all of it back. */
function passing(steps: readonly RehearsedStep[], when: Moment, kind: 'retry' | 'reconcile'): Case {
  const once = steps.map((step) => plant(step, when, kind));
  const last = { activity: 'promote', when: 'after', class: 'undo' } as const;
  const which = steps.length === 1 ? steps.map(({ id }) => id).join() : 'every step';
  return {
    name: `${wordOf(kind)} ${when} ${which}`,
    cells: steps.map(({ id }) => ({ step: id, when, class: kind })),
    planted: [...once, { ...edge, ...last }],
    legs: [{ command: ['deploy'], outcome: 'rolled-back', failedStep: 'promote', world: 'before' }],
  };
}

/** The last step fails once in each way and passes in the end. */
function recovering(step: RehearsedStep, kind: 'retry' | 'reconcile'): Case {
  return {
    name: `${wordOf(kind)} around ${step.id}`,
    cells: moments.map((when) => ({ step: step.id, when, class: kind })),
    planted: moments.map((when) => plant(step, when, kind)),
    legs: [{ command: ['deploy'], outcome: 'succeeded', world: 'deployed' }, wayBack],
  };
}

const edge = { how: 'throw', middle: '.' } as const;

function plant({ activity, middle, how }: RehearsedStep, when: Moment, kind: Kind): Planted {
  const common = { activity, when, class: kind };
  if (when !== 'during') return { ...common, ...edge };
  return { ...common, middle, how: kind === 'reconcile' ? 'crash' : how };
}

/** The classes in the table's words. */
export function wordOf(kind: Kind): string {
  return { retry: 'transient', undo: 'permanent', reconcile: 'unknown' }[kind];
}
