import { metricMeter } from '@temporalio/workflow';
import type { Report } from '../src/report.ts';

const runs = metricMeter.createCounter('windlass_runs', '', 'ended runs by kind and outcome');
const steps = metricMeter.createHistogram(
  'windlass_step_seconds',
  'float',
  's',
  'how long each step of a run took',
);
const newest = {
  backup: gauge('windlass_last_backup_timestamp_seconds', 'when the newest backup was proven'),
  drill: gauge('windlass_last_drill_timestamp_seconds', 'when a restore was last proven'),
  drift: gauge('windlass_last_drift_check_timestamp_seconds', 'when drift was last checked'),
};
const spent = gauge('windlass_budget_spent_ratio', 'share of the budget that is spent');
const findings = gauge('windlass_drift_findings', 'differences that the last check found');

/** Counts an ended run and its steps; the worker shows the figures to Prometheus. */
export function measureRun({ kind, environment, outcome, steps: done }: Report): void {
  runs.add(1, { kind, environment, outcome });
  for (const { id: step, status, startedAt, endedAt } of done)
    if (startedAt !== undefined && endedAt !== undefined)
      steps.record((endedAt - startedAt) / 1000, { kind, environment, step, status });
}

/** Says that this was just done; alerts look at the age. */
export function measureDone(what: keyof typeof newest, environment: string): void {
  newest[what].set(Date.now() / 1000, { environment });
}

/** How many differences the last check found. */
export function measureDrift(environment: string, count: number): void {
  findings.set(count, { environment });
}

/** Which share of the budget is spent, as Google said last; 1 = all of it. */
export function measureBudget(environment: string, share: number): void {
  spent.set(share, { environment });
}

function gauge(name: string, description: string) {
  return metricMeter.createGauge(name, 'float', '', description);
}
