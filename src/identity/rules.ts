import type { Config } from '../config/config.ts';
import type { People } from '../config/people.ts';
import type { ReleaseRef } from '../deploy.ts';
import { releasedConfig } from '../releases/as-released.ts';
import type { LedgerEntry } from '../releases/ledger-entry.ts';
import { readLedger } from '../releases/ledger.ts';
import { sinceDestroyed } from '../releases/standing.ts';
import type { Site } from '../site.ts';
import { namesPeople } from './anchor.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { ownValue } from '../own-value.ts';

/** Who may change an environment, and what an approval needs, by one release of it. */
export interface Rules {
  readonly people: People;
  readonly secondPerson: boolean;
  readonly approval: 'auto' | 'wait';
}

/** The rules that a windlass.yaml states for an environment; undefined where it names nobody. */
export function rulesOf(config: Config, name: string): Rules | undefined {
  const environment = ownValue(config.environments, name);
  if (environment?.people === undefined) return undefined;
  const { people, target } = environment;
  const { secondPerson } = config.approval;
  const unattended = target === 'sandbox' && !secondPerson ? 'auto' : 'wait';
  return { people, secondPerson, approval: environment.approval ?? unattended };
}

/** The rules of a stored release. */
export async function rulesOfRelease(site: Site, release: ReleaseRef): Promise<Rules | undefined> {
  return rulesOf(await releasedConfig(site, release), site.name);
}

/**
 * The rules in force: those of the newest deploy that succeeded. A rollback brings code back, and not
 * the people who were let go since. Undefined where nothing was deployed, or nobody is named.
 */
export async function rulesInForce(site: Site): Promise<Rules | undefined> {
  if (!(await namesPeople(site))) return undefined;
  const ledger = (await unlessMissing(readLedger(site))) ?? [];
  const release = ruling(ledger)?.release;
  return release && rulesOfRelease(site, release);
}

function ruling(ledger: readonly LedgerEntry[]): LedgerEntry | undefined {
  const succeeded = sinceDestroyed(ledger).filter(
    ({ outcome, release }) => outcome === 'succeeded' && release,
  );
  return succeeded.findLast(({ kind }) => kind === 'deploy') ?? succeeded.at(-1);
}
