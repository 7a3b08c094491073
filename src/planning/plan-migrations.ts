import type { MigrationPlan } from '../deploy.ts';
import { runMigrations } from '../postgres/alembic.ts';
import { currentRevisions } from '../postgres/current-revisions.ts';
import { readHistories, refuseUnknown, revisionsBetween } from '../postgres/revisions.ts';
import type { Folders, Positions } from '../postgres/revisions.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';

export interface MigrationDetails extends MigrationPlan {
  readonly revisions: readonly { readonly revision: string; readonly kind: string | null }[];
  readonly sql: string;
}

/** What Alembic would apply, service by service, as revisions and as SQL. */
export async function planMigrations(
  site: Site,
  folders: Folders,
): Promise<readonly MigrationDetails[]> {
  const histories = await readHistories(folders);
  const login = await databaseOf(site);
  const nothing: Positions = Object.fromEntries(Object.keys(folders).map((name) => [name, null]));
  const positions = login ? await currentRevisions(login, Object.keys(folders)) : nothing;
  refuseUnknown(histories, positions);
  const behind = Object.entries(histories).filter(([name, { head }]) => positions[name] !== head);
  if (behind.length === 0) return [];
  const moving = Object.fromEntries(behind.map(([name]) => [name, folders[name] ?? '']));
  const written = await runMigrations({ verb: 'sql', folders: moving, at: positions }, {});
  return behind.map(([service, history]) => {
    const from = positions[service] ?? null;
    const sql = written.find((line) => line.service === service)?.sql ?? '';
    const between = revisionsBetween(history, from, history.head);
    const revisions = between.map(({ revision, kind }) => ({ revision, kind }));
    return { service, from, to: history.head, revisions, sql };
  });
}
