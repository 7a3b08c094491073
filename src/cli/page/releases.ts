import { stampOf } from '../output/clock.ts';
import type { LedgerEntry } from '../../releases/ledger-entry.ts';
import type { PageFacts } from './facts.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import type { Section } from './page.ts';
import { table } from './table.ts';

const shown = 20; // runs; the ledger has them all

/** The runs that led here, newest first. */
export function releaseSection({ ledger, runId }: PageFacts): Section | undefined {
  if (ledger.length === 0) return undefined;
  const rows = ledger.toReversed().slice(0, shown);
  const head = ['', 'when', 'run', 'release', 'by', 'outcome'];
  const body = table(
    'Runs by the ledger, newest first',
    head,
    rows.map((one) => cells(one, runId)),
  );
  return { id: 'releases', title: 'Releases', body };
}

function cells(entry: LedgerEntry, runId: string): readonly (Markup | string | number)[] {
  const { number, at, kind, release, actor, outcome, failedStep } = entry;
  return [
    entry.runId === runId ? html`<strong aria-label="this run">${number} ◂</strong>` : number,
    stampOf(at),
    kind,
    release ? html`<code>${release.id}</code>` : '-',
    actor,
    failedStep === undefined ? outcome : `${outcome} at ${failedStep}`,
  ];
}
