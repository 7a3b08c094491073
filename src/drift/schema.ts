import type { Standing } from '../deploy.ts';
import { currentRevisions } from '../postgres/current-revisions.ts';
import { databaseServices } from '../services.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import type { Found } from '../drift-finding.ts';

/** Every schema's Alembic revision against the one that the ledger recorded. */
export async function schemaDrift(site: Site, standing: Standing): Promise<readonly Found[]> {
  const login = await databaseOf(site);
  if (!login) return [];
  const now = await currentRevisions(login, databaseServices(site.config));
  return Object.entries(standing.revisions)
    .filter(([service, revision]) => now[service] !== revision)
    .map(([service, revision]) => ({
      source: 'schema',
      what: `${service} is at revision ${now[service] ?? 'none'}, the ledger says ${revision ?? 'none'}`,
      owner: `the migrations of ${service}`,
      next: now[service] ? 'migrates it, or refuses an unknown revision' : 'migrates it',
    }));
}
