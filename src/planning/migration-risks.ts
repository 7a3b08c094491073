/** The part of a planned migration that its risks depend on. */
export interface Migration {
  readonly service: string;
  readonly from: string | null;
  readonly revisions: readonly PlannedRevision[];
}

interface PlannedRevision {
  readonly revision: string;
  readonly kind: string | null;
  readonly program?: true;
  readonly back?: { readonly exists: boolean };
}

/** A revision that cannot be wound back without a loss: a point of no return. */
export interface MigrationRisk {
  /** What `--accept` names, such as `migration:api_0004`. */
  readonly name: string;
  readonly service: string;
  readonly revision: string;
}

/** The points of no return of a plan; a schema that holds nothing yet has none. */
export function migrationRisks(migrations: readonly Migration[]): readonly MigrationRisk[] {
  return migrations
    .filter(({ from }) => from !== null)
    .flatMap(({ service, revisions }) =>
      revisions
        .filter(({ kind }) => kind !== 'expand')
        .map(({ revision }) => ({ name: `migration:${revision}`, service, revision })),
    );
}
