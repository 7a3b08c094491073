import { randomBytes } from 'node:crypto';
import { buyAccepted, ipv4Before, returnBought } from '../src/database-way/buy-accepted.ts';
import type { Deploy, SupabaseBefore } from '../src/deploy.ts';
import { ownAdminGrants } from '../src/postgres/own-admin-sql.ts';
import { migratorDropSql, roleSql, schemaDropSql } from '../src/postgres/role-sql.ts';
import { refuseForeign } from '../src/project-ownership/adoption.ts';
import { isOwn } from '../src/project-ownership/is-own.ts';
import {
  forgetProject,
  noteAbsence,
  noteProject,
} from '../src/project-ownership/project-record.ts';
import { leftAlone, runsOf } from '../src/project-ownership/wound-back.ts';
import { ownedSettings } from '../src/owned-settings.ts';
import type { Site } from '../src/site.ts';
import { smtpPassword } from '../src/smtp-password.ts';
import { databaseServices } from '../src/services.ts';
import { needed } from '../src/stacks/needed.ts';
import { applySettings, readSettings } from '../src/supabase/auth-settings.ts';
import { readApiSchemas, setApiSchemas } from '../src/supabase/data-api.ts';
import { runSql } from '../src/supabase/database.ts';
import { readNetwork, restrictNetwork } from '../src/supabase/network.ts';
import { createProject, findProject } from '../src/supabase/project.ts';
import type { Project } from '../src/supabase/project.ts';
import { waitUntilReady } from '../src/supabase/readiness.ts';
import { setSmtpPassword, smtpPasswordDiffers } from '../src/supabase/smtp-password.ts';
import { enforceSsl, readSslEnforced } from '../src/supabase/ssl.ts';
import { claimForDrill } from '../src/drills/claim-for-drill.ts';
import type { Work } from './edge.ts';

/** Reads what the undo will restore; a project that does not exist yet is `ref: null`. */
export async function observeSupabase(
  d: Deploy,
  { site }: Work,
): Promise<{ readonly supabaseBefore: SupabaseBefore }> {
  const found = await findProject(site.supabase, wanted(site));
  const supabaseBefore = found ? await look(site, d, found) : nothing;
  return { supabaseBefore };
}

/**
 * Finds or creates the project, then its settings, exposed schemas, SSL, and one role per service.
 * One that is there already must be the environment's own, or accepted by name.
 */
export async function bootstrapSupabase(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, signal, beat } = work;
  const { exposedSchemas, sslEnforced, networkRestrictions } = site.environment.supabase;
  const { ref } = await ownProject(d, work);
  await claimForDrill(site, ref);
  await waitUntilReady(site.supabase, ref, { signal, onStatus: (status) => beat(status) });
  await buyAccepted(site, d.accept, { ref, signal });
  await applySettings(site.supabase, { ref, wanted: ownedSettings(site) }, { signal });
  const password = await smtpPassword(site);
  await setSmtpPassword(site.supabase, { ref, password }, { signal });
  beat('making the roles');
  const roles = databaseServices(site.config).map((service) => roleSql(service, d.runId));
  const query = [...roles, ownAdminGrants(databaseServices(site.config))].join('\n');
  if (roles.length > 0) await runSql(site.supabase, { ref, query }, { signal });
  await setApiSchemas(site.supabase, { ref, schemas: exposedSchemas }, { signal });
  await enforceSsl(site.supabase, { ref, enforced: sslEnforced }, { signal });
  if (networkRestrictions)
    await restrictNetwork(site.supabase, { ref, allowed: networkRestrictions }, { signal });
  return { supabaseRef: ref };
}

/**
 * Restores what was observed; a project that this run created is emptied, kept and named. What no
 * mark or record proves to be this run's stays, and is named.
 */
export async function restoreSupabase(d: Deploy, { site }: Work): Promise<Partial<Deploy>> {
  const before = needed(d.supabaseBefore, 'what Supabase was like before');
  const project = await findProject(site.supabase, wanted(site));
  if (!project) return {};
  const { ref } = project;
  const foreign = await leftAlone(site, d, project);
  if (foreign !== undefined) return { kept: [...(d.kept ?? []), foreign] };
  await restoreSettings(site, ref, before);
  await returnBought(site, d.accept, { ref, had: before.ipv4 === true });
  const added = databaseServices(site.config).filter((one) => !before.schemas.includes(one));
  const madeBy = runsOf(d);
  for (const service of added)
    await runSql(site.supabase, { ref, query: schemaDropSql(service, madeBy) });
  if (before.foreign || before.ref === null)
    await runSql(site.supabase, { ref, query: migratorDropSql(madeBy) });
  if (before.foreign) await forgetProject(site);
  const still = added.length === 0 ? [] : await schemasOf(site, ref);
  const stays = added
    .filter((service) => still.includes(service))
    .map((service) => `schema ${service}: no mark of this run on its owner, left as it is`);
  if (before.otherSmtpPassword && before.settings['smtp_host'])
    stays.push('password of the mail server: the new one, as Supabase does not show the earlier');
  if (before.ref === null)
    stays.push(`Supabase project ${project.name} (${ref}): created by this run, emptied, kept`);
  return stays.length === 0 ? {} : { kept: [...(d.kept ?? []), ...stays] };
}

async function restoreSettings(site: Site, ref: string, before: SupabaseBefore): Promise<void> {
  if (before.ref === null) return;
  await setApiSchemas(site.supabase, { ref, schemas: before.exposedSchemas });
  await applySettings(site.supabase, { ref, wanted: before.settings });
  if (before.sslEnforced !== null)
    await enforceSsl(site.supabase, { ref, enforced: before.sslEnforced });
  if (before.allowedRanges)
    await restrictNetwork(site.supabase, { ref, allowed: before.allowedRanges });
}

async function ownProject(d: Deploy, { site, signal }: Work): Promise<Project> {
  await refuseForeign(site, d.accept);
  const found = await findProject(site.supabase, wanted(site), { signal });
  const project = found ?? (await newProject(d, site, signal));
  await noteProject(site, d.runId, project.ref);
  return project;
}

async function newProject({ runId }: Deploy, site: Site, signal: AbortSignal): Promise<Project> {
  await noteAbsence(site, runId);
  // Nobody keeps this password: Windlass logs in without one.
  const password = randomBytes(24).toString('base64url');
  const asked = { ...wanted(site), region: site.environment.supabase.region, password };
  return createProject(site.supabase, asked, { signal });
}

const nothing: SupabaseBefore = {
  ref: null,
  settings: {},
  exposedSchemas: [],
  sslEnforced: null,
  schemas: [],
};

async function look(site: Site, d: Deploy, project: Project): Promise<SupabaseBefore> {
  const { ref } = project;
  const foreign = !(await isOwn(site, project));
  const password = await smtpPassword(site);
  return {
    ref,
    ...(await ipv4Before(site, d.accept, ref)),
    ...((await smtpPasswordDiffers(site.supabase, { ref, password })) && {
      otherSmtpPassword: true,
    }),
    settings: await readSettings(site.supabase, { ref, fields: Object.keys(ownedSettings(site)) }),
    exposedSchemas: await readApiSchemas(site.supabase, ref),
    sslEnforced: await readSslEnforced(site.supabase, ref),
    schemas: await schemasOf(site, ref),
    ...(foreign && { foreign, roles: await rolesOf(site, ref) }),
    ...(site.environment.supabase.networkRestrictions && {
      allowedRanges: await readNetwork(site.supabase, ref),
    }),
  };
}

async function schemasOf(site: Site, ref: string): Promise<readonly string[]> {
  const query = 'select nspname as name from pg_namespace order by 1';
  const rows = await runSql(site.supabase, { ref, query, readOnly: true });
  const names = rows.map(({ name }) => String(name));
  return databaseServices(site.config).filter((service) => names.includes(service));
}

async function rolesOf(site: Site, ref: string): Promise<readonly string[]> {
  const query = 'select rolname as name from pg_roles order by 1';
  const rows = await runSql(site.supabase, { ref, query, readOnly: true });
  return rows.map(({ name }) => String(name));
}

function wanted(site: Site): { readonly name: string; readonly organization: string } {
  const { organization, project } = site.environment.supabase;
  return { name: project, organization };
}
