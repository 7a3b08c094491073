import type { CostEstimate } from './cost.ts';

export interface CostLimits {
  /** USD a month; windlass.yaml's `cost`. */
  readonly approveAbove: number;
  readonly refuseAbove: number;
}

export interface CostVerdict {
  readonly verdict: 'fine' | 'approve' | 'refuse';
  readonly why: string;
}

/** Whether the fixed cost of an environment's plans may pass, needs a word, or may not. */
export function costVerdict(estimates: readonly CostEstimate[], limits: CostLimits): CostVerdict {
  const fixed = estimates.reduce((total, one) => total + one.fixed, 0);
  const text = `$${fixed.toFixed(2)} a month`;
  if (fixed > limits.refuseAbove)
    return { verdict: 'refuse', why: `${text}, over the limit of $${limits.refuseAbove}` };
  if (fixed > limits.approveAbove)
    return {
      verdict: 'approve',
      why: `${text}, over the limit of $${limits.approveAbove} that needs no approval`,
    };
  const unknown = estimates.flatMap((one) => one.unknown.map((line) => line.address));
  if (unknown.length > 0)
    return {
      verdict: 'approve',
      why: `${text}, and the price is unknown of ${unknown.join(', ')}`,
    };
  return { verdict: 'fine', why: text };
}
