import type { Finding } from '../migrations/judge.ts';
import type { MigrationDetails } from './plan-migrations.ts';

/** A revision that cannot be wound back without a loss: a point of no return. */
export interface MigrationRisk {
  /** What `--accept` names, such as `migration:journal_0004`. */
  readonly name: string;
  readonly service: string;
  readonly revision: string;
  readonly kind: 'contract' | 'irreversible';
  readonly file: string;
  /** The statements that take something away, and what. */
  readonly takes: readonly Finding[];
}

/** The points of no return of a plan; a schema that holds nothing yet has none. */
export function migrationRisks(details: readonly MigrationDetails[]): readonly MigrationRisk[] {
  return details
    .filter(({ from }) => from !== null)
    .flatMap(({ service, revisions }) =>
      revisions.flatMap(({ revision, kind, file, takes }) =>
        kind === 'contract' || kind === 'irreversible'
          ? [{ name: `migration:${revision}`, service, revision, kind, file, takes }]
          : [],
      ),
    );
}
