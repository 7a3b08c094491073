import type { Planted } from './planted.ts';

/** One deploy of a rehearsal: what is planted, and how it must end. */
export interface Case {
  readonly name: string;
  readonly planted: readonly Planted[];
  /** The exit code that the deploy must have. */
  readonly exitCode: number;
  /** What brings the environment back where the deploy itself does not. */
  readonly afterwards?: readonly string[];
}

const moments = ['before', 'during', 'after'] as const;
type Moment = (typeof moments)[number];

/** The activity that does each step of a deploy. */
export const activityOfStep = {
  backup: 'backUp',
  foundation: 'applyFoundation',
  supabase: 'bootstrapSupabase',
  secrets: 'fillSecrets',
  migrate: 'migrate',
  services: 'applyServices',
  smoke: 'smokeTest',
  promote: 'promote',
  record: 'verifyAndRecord',
} as const;

const activities = Object.values(activityOfStep);
const windingBack = activities.filter((activity) => activity !== 'verifyAndRecord');

/** Every step × before, during, after × the three classes of failure. */
export function allCases(): readonly Case[] {
  return [
    ...moments.flatMap((when) => windingBack.map((activity) => fatal(activity, when))),
    ...moments.map(past),
    ...moments.flatMap((when) => [passing(when, 'retry'), passing(when, 'reconcile')]),
    recovering('retry'),
    recovering('reconcile'),
  ];
}

/** One failure per step, each after its effect: the hardest of the three moments. */
export function shortCases(): readonly Case[] {
  return [...windingBack.map((activity) => fatal(activity, 'after')), past('after')];
}

/** A failure that no retry mends: the deploy winds back. */
function fatal(activity: string, when: Moment): Case {
  const planted = [{ activity, when, class: 'undo', attempt: 1 }] as const;
  return { name: `undo ${when} ${activity}`, planted, exitCode: 4 };
}

/** A failure after the traffic has moved: nothing is wound back until somebody reconciles. */
function past(when: Moment): Case {
  const planted = [{ activity: 'verifyAndRecord', when, class: 'undo', attempt: 1 }] as const;
  const afterwards = when === 'after' ? ['rollback'] : ['recover', '--reconcile'];
  return { name: `undo ${when} verifyAndRecord`, planted, exitCode: 5, afterwards };
}

/** Every step fails once and passes at its second attempt; the last failure winds all of it back. */
function passing(when: Moment, kind: 'retry' | 'reconcile'): Case {
  const once = windingBack.map((activity) => ({ activity, when, class: kind, attempt: 1 }));
  const last = { activity: 'promote', when: 'after', class: 'undo', attempt: 2 } as const;
  return { name: `${kind} ${when} every step`, planted: [...once, last], exitCode: 4 };
}

/** The verification fails once in each way and passes in the end. */
function recovering(kind: 'retry' | 'reconcile'): Case {
  const planted = moments.map((when, index) => {
    const attempt = index + 1;
    return { activity: 'verifyAndRecord', when, class: kind, attempt };
  });
  return { name: `${kind} around verifyAndRecord`, planted, exitCode: 0, afterwards: ['rollback'] };
}
