import pg from 'pg';
import { databaseServices } from '../services.ts';
import type { Site } from '../site.ts';
import { runSql } from '../supabase/database.ts';
import { findProject } from '../supabase/project.ts';

/** How many tables of the services the environment's database still has; 0 where it is gone. */
export async function survivingTables(site: Site): Promise<number> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project || project.status !== 'ACTIVE_HEALTHY') return 0;
  const schemas = databaseServices(site.config).map((schema) => pg.escapeLiteral(schema));
  const query = `select count(*)::int as n from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind = 'r' and nspname in (${schemas.join(', ')})`;
  const rows = await runSql(site.supabase, { ref: project.ref, query, readOnly: true });
  return Number(rows[0]?.['n'] ?? 0);
}
