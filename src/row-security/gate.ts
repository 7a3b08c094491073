import { Failure } from '../failure.ts';
import type { Login } from '../postgres/connect.ts';
import { databaseServices } from '../services.ts';
import type { Site } from '../site.ts';
import { readAccess } from './access-file.ts';
import { findOpenRows } from './find-open-rows.ts';
import type { Finding } from './find-open-rows.ts';

/** What breaks the rules in the exposed schemas and those of the services, but what is accepted. */
export async function openRowsOf(site: Site, login: Login): Promise<readonly Finding[]> {
  const services = databaseServices(site.config);
  const { accept } = await readAccess(site);
  const schemas = [...site.environment.supabase.exposedSchemas, ...services];
  const found = await findOpenRows(login, schemas);
  return found.filter(
    ({ rule, object }) => !accept.some((one) => one.rule === rule && one.object === object),
  );
}

/**
 * Findings from before the migrations that stay: those outside of the services' schemas, and those
 * that the tried copy still has. What a release mends does not keep it from being deployed.
 */
export function staying(
  site: Site,
  before: readonly Finding[],
  tried: readonly Finding[],
): readonly Finding[] {
  const services = databaseServices(site.config);
  const known = new Set(tried.map(keyOf));
  const elsewhere = before.filter(({ schema }) => !services.includes(schema));
  return [...tried, ...elsewhere.filter((finding) => !known.has(keyOf(finding)))];
}

/** A Failure where a finding is an error; `where` names the database that was looked at. */
export function refuseOpenRows(found: readonly Finding[], where: string): void {
  const errors = found.filter(({ level }) => level === 'error');
  if (errors.length === 0) return;
  const lines = errors.map(({ rule, object, fix }) => `${object}: ${rule} (${fix})`);
  throw new Failure({
    code: 'ROWS_OPEN',
    what: `Row level security is open in ${where}`,
    why: lines.slice(0, 10).join('; '),
    fix: 'Fix it in a revision of the service; a known exception goes under `accept` of the access file.',
  });
}

function keyOf({ rule, object }: Finding): string {
  return `${rule} ${object}`;
}
