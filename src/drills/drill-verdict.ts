import type { LedgerEntry } from '../releases/ledger-entry.ts';

const dayMs = 24 * 60 * 60_000;

export interface DrillRule {
  readonly warnAfterDays: number;
  readonly refuseAfterDays: number;
}

export interface DrillVerdict {
  readonly verdict: 'fine' | 'warn' | 'refuse';
  readonly why: string;
}

/**
 * Whether the last proven restore is too old. Where there was none yet, the time counts from the
 * first release: a fresh environment is neither warned nor refused.
 */
export function drillVerdict(
  entries: readonly LedgerEntry[],
  rule: DrillRule,
  now: Date,
): DrillVerdict {
  const proven = entries.findLast(({ drill }) => drill?.proven === true);
  const since = proven ?? entries.find(({ release }) => release !== undefined);
  if (!since) return { verdict: 'fine', why: 'nothing to restore yet' };
  const days = (now.getTime() - Date.parse(since.at)) / dayMs;
  const age = `${Math.floor(days)} days`;
  const why = proven
    ? `the last proven restore is ${age} old`
    : `no restore has been proven, and the first release is ${age} old`;
  if (days > rule.refuseAfterDays) return { verdict: 'refuse', why };
  return { verdict: days > rule.warnAfterDays ? 'warn' : 'fine', why };
}
