import type { LedgerEntry } from '../../releases/ledger-entry.ts';
import type { UndoEntry } from './undo-entry.ts';

/** How long the undo of a plan takes, and whether a run of this environment told so. */
export interface UndoTime {
  readonly seconds: number;
  readonly basis: 'recorded' | 'defaults';
}

interface Phase {
  readonly touches: (entry: UndoEntry) => boolean;
  /** Steps whose recorded time counts, best first: the rollback's own, else the deploy's. */
  readonly rollback: string;
  readonly deploy: string;
  /** Seconds where nothing is recorded: the clouds' usual time, see docs/plan-json.md. */
  readonly usual: number;
}

const services = /^module\.calle(e|r)s/;

const phases: readonly Phase[] = [
  { touches: is('traffic'), rollback: 'traffic', deploy: 'promote', usual: 10 },
  {
    touches: ({ kind, name }) => kind === 'resource' && services.test(name),
    rollback: 'services',
    deploy: 'services',
    usual: 120,
  },
  {
    touches: ({ kind, name }) => kind === 'resource' && !services.test(name),
    rollback: 'foundation',
    deploy: 'foundation',
    usual: 60,
  },
  { touches: is('migration'), rollback: 'schema', deploy: 'migrate', usual: 30 },
  { touches: is('setting'), rollback: 'supabase', deploy: 'supabase', usual: 20 },
  { touches: is('secret'), rollback: 'secrets', deploy: 'secrets', usual: 10 },
];

/** Estimates the undo from what the newest runs recorded; a default where they did not. */
export function undoTime(entries: readonly UndoEntry[], ledger: readonly LedgerEntry[]): UndoTime {
  const touched = phases.filter(({ touches }) => entries.some(touches));
  const known = touched.map(({ rollback, deploy, usual }) => {
    const recorded = newest(ledger, 'rollback', rollback) ?? newest(ledger, 'deploy', deploy);
    return { seconds: recorded ?? usual, recorded: recorded !== undefined };
  });
  const seconds = known.reduce((sum, one) => sum + one.seconds, 0);
  const basis = known.length > 0 && known.every(({ recorded }) => recorded);
  return { seconds: Math.ceil(seconds), basis: basis ? 'recorded' : 'defaults' };
}

function newest(
  ledger: readonly LedgerEntry[],
  kind: LedgerEntry['kind'],
  step: string,
): number | undefined {
  const entry = ledger.findLast((one) => one.kind === kind && one.seconds?.[step] !== undefined);
  return entry?.seconds?.[step];
}

function is(kind: UndoEntry['kind']): Phase['touches'] {
  return (entry) => entry.kind === kind;
}
