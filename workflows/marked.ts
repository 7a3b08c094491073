import type { Deploy } from '../src/deploy.ts';
import { receiptsOf } from '../src/receipts.ts';
import { factsOf } from '../src/run-facts.ts';
import type { Report } from '../src/report.ts';
import { sideBySide } from '../src/step.ts';
import type { Row, Step } from '../src/step.ts';
import { instant } from './activities.ts';

/**
 * The same table, where every step that changes the environment first marks it dirty, with the
 * receipts of its undo: so nothing is lost when a run is terminated and no more code of it runs.
 */
export function marked(rows: readonly Row<Deploy>[], kind: Report['kind']): readonly Row<Deploy>[] {
  return rows.map((row) =>
    sideBySide(row).map((step) => (changes(step) ? mark(step, kind) : step)),
  );
}

/**
 * The same table, where the run holds the lease before the first step that writes anything looks
 * at what its undo would restore.
 */
export function leased(
  rows: readonly Row<Deploy>[],
  ensure: (d: Deploy) => Promise<void>,
): readonly Row<Deploy>[] {
  return rows.map((row) =>
    sideBySide(row).map((step) => (onlyLooks.has(step.id) ? step : underLease(step, ensure))),
  );
}

/** These change nothing of the environment; a backup is a copy beside it. */
const onlyLooks: ReadonlySet<string> = new Set(['plan', 'check', 'approve', 'backup', 'logins']);

function underLease(step: Step<Deploy>, ensure: (d: Deploy) => Promise<void>): Step<Deploy> {
  return {
    ...step,
    observe: async (d) => {
      await ensure(d);
      return (await step.observe?.(d)) ?? {};
    },
  };
}

function changes(step: Step<Deploy>): boolean {
  const undone = typeof step.undo === 'function' || step.undo.changes === true;
  return undone || step.pivot !== undefined;
}

function mark(step: Step<Deploy>, kind: Report['kind']): Step<Deploy> {
  return {
    ...step,
    run: async (d) => {
      const { environment, runId, actor, address } = d;
      const beginning = { kind, actor, step: step.id, facts: factsOf(d), receipts: receiptsOf(d) };
      await instant.markEnvironment({
        environment,
        runId,
        ...(address && { address }),
        beginning,
      });
      return step.run(d);
    },
  };
}
