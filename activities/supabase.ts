import { randomBytes } from 'node:crypto';
import type { Deploy, SupabaseBefore } from '../src/deploy.ts';
import { migratorDropSql, roleSql, schemaDropSql } from '../src/postgres/role-sql.ts';
import { ownedSettings } from '../src/owned-settings.ts';
import type { Site } from '../src/site.ts';
import { databaseServices } from '../src/services.ts';
import { needed } from '../src/stacks/needed.ts';
import { applySettings, readSettings } from '../src/supabase/auth-settings.ts';
import { readApiSchemas, setApiSchemas } from '../src/supabase/data-api.ts';
import { runSql } from '../src/supabase/database.ts';
import { readNetwork, restrictNetwork } from '../src/supabase/network.ts';
import { ensureProject, findProject } from '../src/supabase/project.ts';
import { waitUntilReady } from '../src/supabase/readiness.ts';
import { enforceSsl, readSslEnforced } from '../src/supabase/ssl.ts';
import { claimForDrill } from '../src/drills/claim-for-drill.ts';
import type { Work } from './edge.ts';

/** Reads what the undo will restore; a project that does not exist yet is `ref: null`. */
export async function observeSupabase(
  _d: Deploy,
  { site }: Work,
): Promise<{ readonly supabaseBefore: SupabaseBefore }> {
  const found = await findProject(site.supabase, wanted(site));
  const supabaseBefore = found ? await look(site, found.ref) : nothing;
  return { supabaseBefore };
}

/** Finds or creates the project, then its settings, exposed schemas, SSL, and one role per service. */
export async function bootstrapSupabase(_d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, signal, beat } = work;
  const { exposedSchemas, region, sslEnforced, networkRestrictions } = site.environment.supabase;
  // Nobody keeps this password: the step that fills the secrets sets the one that counts.
  const password = randomBytes(24).toString('base64url');
  const asked = { ...wanted(site), region, password };
  const { project } = await ensureProject(site.supabase, asked, { signal });
  const { ref } = project;
  await claimForDrill(site, ref);
  await waitUntilReady(site.supabase, ref, { signal, onStatus: (status) => beat(status) });
  await applySettings(site.supabase, { ref, wanted: ownedSettings(site) }, { signal });
  beat('making the roles');
  const roles = databaseServices(site.config).map((service) => roleSql(service));
  if (roles.length > 0) await runSql(site.supabase, { ref, query: roles.join('\n') }, { signal });
  await setApiSchemas(site.supabase, { ref, schemas: exposedSchemas }, { signal });
  await enforceSsl(site.supabase, { ref, enforced: sslEnforced }, { signal });
  if (networkRestrictions)
    await restrictNetwork(site.supabase, { ref, allowed: networkRestrictions }, { signal });
  return { supabaseRef: ref };
}

/** Restores what was observed; a project that this run created is emptied, kept and named. */
export async function restoreSupabase(d: Deploy, { site }: Work): Promise<Partial<Deploy>> {
  const before = needed(d.supabaseBefore, 'what Supabase was like before');
  const project = await findProject(site.supabase, wanted(site));
  if (!project) return {};
  const { ref } = project;
  const added = databaseServices(site.config).filter((one) => !before.schemas.includes(one));
  if (before.ref !== null) {
    await setApiSchemas(site.supabase, { ref, schemas: before.exposedSchemas });
    await applySettings(site.supabase, { ref, wanted: before.settings });
    if (before.sslEnforced !== null)
      await enforceSsl(site.supabase, { ref, enforced: before.sslEnforced });
    if (before.allowedRanges)
      await restrictNetwork(site.supabase, { ref, allowed: before.allowedRanges });
  }
  for (const service of added) await runSql(site.supabase, { ref, query: schemaDropSql(service) });
  if (before.ref !== null) return {};
  await runSql(site.supabase, { ref, query: migratorDropSql });
  const kept = `Supabase project ${project.name} (${ref}): created by this run, emptied, kept`;
  return { kept: [...(d.kept ?? []), kept] };
}

const nothing: SupabaseBefore = {
  ref: null,
  settings: {},
  exposedSchemas: [],
  sslEnforced: null,
  schemas: [],
};

async function look(site: Site, ref: string): Promise<SupabaseBefore> {
  return {
    ref,
    settings: await readSettings(site.supabase, { ref, fields: Object.keys(ownedSettings(site)) }),
    exposedSchemas: await readApiSchemas(site.supabase, ref),
    sslEnforced: await readSslEnforced(site.supabase, ref),
    schemas: await schemasOf(site, ref),
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

function wanted(site: Site): { readonly name: string; readonly organization: string } {
  const { organization, project } = site.environment.supabase;
  return { name: project, organization };
}
