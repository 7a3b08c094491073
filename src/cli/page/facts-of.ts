import { stripVTControlCharacters } from 'node:util';
import type { PlanDetails } from '../../planning/plan-details.ts';
import { readDetails } from '../../planning/read-details.ts';
import type { LedgerEntry } from '../../releases/ledger-entry.ts';
import { readLedger } from '../../releases/ledger.ts';
import type { Report } from '../../report.ts';
import type { Site } from '../../site.ts';
import { nextSteps } from '../output/end.ts';
import { headline } from '../output/headline.ts';
import type { PageFacts } from './facts.ts';

/** Which run, and what is known of it already. */
interface About {
  readonly runId: string;
  readonly report: Report;
  readonly address?: string | undefined;
}

/** The facts of a run's page; what cannot be read any more is left out. */
export async function factsOf(site: Site, { runId, report, address }: About): Promise<PageFacts> {
  const [details, ledger] = await Promise.all([detailsOf(site, report), ledgerUpTo(site, runId)]);
  return {
    ...{ runId, report, details, ledger, address },
    headline: stripVTControlCharacters(headline(report)),
    next: nextSteps(report),
  };
}

async function detailsOf(site: Site, { plan }: Report): Promise<PlanDetails | undefined> {
  return plan && readDetails(site, plan).catch(() => undefined);
}

/** Up to the run's own entry; a plan and a refused run have none and follow all others. */
async function ledgerUpTo(site: Site, runId: string): Promise<readonly LedgerEntry[]> {
  const entries = await readLedger(site).catch(() => []);
  const at = entries.findLastIndex((entry) => entry.runId === runId);
  return at === -1 ? entries : entries.slice(0, at + 1);
}
