import type { LedgerEntry } from '../../releases/ledger-entry.ts';
import type { Report } from '../../report.ts';

const outcomes: readonly Report['outcome'][] = [
  ...(['succeeded', 'rolled-back', 'rolled-back-except'] as const),
  ...(['failed-past-pivot', 'rejected', 'parked'] as const),
];
const kinds: readonly Report['kind'][] = ['deploy', 'rollback', 'recover', 'reconcile', 'destroy'];

/**
 * What the ledger knows of a run that Temporal has forgotten: its steps with their durations, without
 * the moments. Undefined for what is no run of a table, such as a drill.
 */
export function reportOfEntry(entry: LedgerEntry, environment: string): Report | undefined {
  const kind = kinds.find((one) => one === entry.kind);
  if (!kind) return undefined;
  const { release, failure = '', failedStep, kept = [], locks, undo = {}, seconds = {} } = entry;
  const [, code = '', what = failure] = /^([A-Z_]+): ([^]*)$/.exec(failure) ?? [];
  return {
    ...{ kind, environment, left: [], kept: [...entry.left, ...kept] },
    outcome: outcomes.find((one) => one === entry.outcome) ?? 'succeeded',
    steps: Object.entries(seconds).map(([id, long]) => ({
      ...{ id, title: id, note: `${long} s` },
      status: undo[id] === 'undone' ? 'undone' : id === failedStep ? 'failed' : 'done',
    })),
    ...(release && { release: release.id }),
    ...(failedStep !== undefined && { failedStep }),
    ...(what !== '' && { failure: { code, what, why: 'as the ledger has it', fix: '-' } }),
    ...(locks && { locks }),
  };
}
