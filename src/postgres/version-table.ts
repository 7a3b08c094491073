/**
 * The tables in which a schema's revision stands: Alembic's own, and ours where the revisions are
 * plain SQL. Both have one column, `version_num`.
 */
export const versionTables = ['alembic_version', 'windlass_version'] as const;

/** For `relname in (…)`. */
export const versionTableList = versionTables.map((name) => `'${name}'`).join(', ');

/** By its name, in whatever schema: no service's code relies on it. */
export function isVersionTable(name: string): boolean {
  return versionTables.some((one) => name === one || name.endsWith(`.${one}`));
}
