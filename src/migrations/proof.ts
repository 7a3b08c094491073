import { Failure } from '../failure.ts';
import { siteIn } from '../endpoints.ts';
import { readLedger } from '../releases/ledger.ts';
import type { LedgerEntry } from '../releases/ledger-entry.ts';
import type { Site } from '../site.ts';
import type { Judged } from './refuse.ts';

/**
 * Where windlass.yaml asks for `migrations.proof: staging`: a Failure for every revision that no
 * successful deploy of staging has recorded with the same bytes. `unproven:REVISION` in `accept`
 * lets one pass. A database that has no release yet needs no proof: there is nothing to break.
 */
export async function refuseUnproven(
  site: Site,
  pending: readonly Judged[],
  accept: readonly string[],
): Promise<void> {
  const { proof, provenBy } = site.config.migrations;
  if (proof === 'copy' || site.name === provenBy) return;
  if (!(await readLedger(site)).some(({ outcome }) => outcome === 'succeeded')) return;
  const proven = provenIn(await ledgerOf(await siteIn(site, site.written, provenBy)));
  const missing = pending.flatMap(({ service, judgements }) =>
    judgements
      .filter(({ revision, sha256 }) => !proven.has(`${service}/${revision} ${sha256}`))
      .map(({ revision }) => ({ service, name: unprovenName(revision) })),
  );
  const refused = missing.filter(({ name }) => !accept.includes(name));
  if (refused.length === 0) return;
  throw new Failure({
    code: 'MIGRATION_UNPROVEN',
    what: `${provenBy} has not yet run these migrations`,
    why: refused.map(({ service, name }) => `${service}: ${name}`).join(', '),
    fix: `Deploy them to ${provenBy} first, or accept each by name: --accept ${refused[0]?.name}.`,
  });
}

/** The ledger of the proving environment; empty while that was never deployed. */
async function ledgerOf(proving: Site): Promise<readonly LedgerEntry[]> {
  return readLedger(proving).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'GOOGLE_NOT_FOUND') return [];
    throw error;
  });
}

/** The name under which a revision without proof is accepted. */
function unprovenName(revision: string): string {
  return `unproven:${revision}`;
}

/** `service/revision digest` of all that a smoke-tested deploy recorded. */
function provenIn(ledger: readonly LedgerEntry[]): ReadonlySet<string> {
  return new Set(
    ledger
      .filter(({ outcome, kind }) => outcome === 'succeeded' && kind === 'deploy')
      .flatMap(({ migrations = {} }) =>
        Object.entries(migrations).map(([revision, digest]) => `${revision} ${digest}`),
      ),
  );
}
