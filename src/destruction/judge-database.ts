import { adoptionName } from '../project-ownership/adoption.ts';
import { isOwn, keptBy, recorded } from '../project-ownership/is-own.ts';
import { isAbout, readProjectRecord } from '../project-ownership/project-record.ts';
import { readLedger } from '../releases/ledger.ts';
import { databaseServices } from '../services.ts';
import type { Site } from '../site.ts';
import { findProject } from '../supabase/project.ts';
import type { Project } from '../supabase/project.ts';
import type { Judged } from './judge-things.ts';

/** A Supabase project, and how much of it is the environment's to take away. */
export interface DatabaseToEnd {
  readonly project: Project;
  /** The project itself; only what Windlass made in it; nothing of it. */
  readonly goes: 'project' | 'schemas' | 'nothing';
}

/** The project of the environment's name, and what of it may go; undefined where there is none. */
export async function databaseToEnd(
  site: Site,
  accept: readonly string[] = [],
): Promise<DatabaseToEnd | undefined> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project) return undefined;
  if (!(await isOwn(site, project))) return { project, goes: 'nothing' };
  const whole = accept.includes(adoptionName(site)) || (await isMade(site, project));
  return { project, goes: whole ? 'project' : 'schemas' };
}

/** The same as it is told: what is the environment's own, and what stays. */
export async function judgeDatabase(site: Site, accept: readonly string[] = []): Promise<Judged> {
  const found = await databaseToEnd(site, accept);
  if (!found) return { owned: [], foreign: [] };
  const { project, goes } = found;
  const title = `${project.name} (${project.ref})`;
  if (goes === 'project')
    return { owned: [{ kind: 'Supabase project', name: title }], foreign: [] };
  if (goes === 'nothing')
    return { owned: [], foreign: [`Supabase project ${title}: not one of ${site.name}`] };
  const owned = databaseServices(site.config).map((name) => ({ kind: 'schema', name }));
  const how = `--accept ${adoptionName(site)}`;
  const why = `nothing proves that Windlass made it; ${how} deletes it whole`;
  return { owned, foreign: [`Supabase project ${title}: ${why}`] };
}

/** Somebody saw that none of its name was there, or the ledger says so: an adopted one is neither. */
async function isMade(site: Site, project: Project): Promise<boolean> {
  const record = await readProjectRecord(site);
  const known = record && isAbout(site, record) && recorded(record, project);
  if (known && record.absentAt !== undefined) return true;
  return keptBy(await readLedger(site), project);
}
