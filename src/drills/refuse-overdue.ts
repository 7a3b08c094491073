import { Failure } from '../failure.ts';
import type { LedgerEntry } from '../releases/ledger-entry.ts';
import type { Site } from '../site.ts';
import { drillVerdict } from './drill-verdict.ts';

/** Throws where the last proven restore is too old; a line to tell where it grows old. */
export function refuseOverdue(site: Site, ledger: readonly LedgerEntry[]): readonly string[] {
  const { verdict, why } = drillVerdict(ledger, site.config.drill, new Date());
  if (verdict === 'fine') return [];
  const fix = `bin/windlass drill -e ${site.name}`;
  if (verdict === 'warn') return [`${why}: \`${fix}\` proves one`];
  throw new Failure({
    code: 'DRILL_OVERDUE',
    what: `A restore of ${site.name} has not been proven recently`,
    why: `${why}; \`drill.refuseAfterDays\` is ${site.config.drill.refuseAfterDays}`,
    fix: `Prove it: \`${fix}\`.`,
  });
}
