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
