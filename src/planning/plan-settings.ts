import { planAdoption } from '../project-ownership/adoption.ts';
import { isOwn } from '../project-ownership/is-own.ts';
import { ownedSettings } from '../owned-settings.ts';
import type { DeadLogin } from '../secret-values/dead-logins.ts';
import type { Site } from '../site.ts';
import { smtpPassword } from '../smtp-password.ts';
import { readSettings, settingsDiff } from '../supabase/auth-settings.ts';
import { readApiSchemas } from '../supabase/data-api.ts';
import { readNetwork, sameRanges } from '../supabase/network.ts';
import { findProject } from '../supabase/project.ts';
import { waitUntilReady } from '../supabase/readiness.ts';
import { smtpPasswordDiffers } from '../supabase/smtp-password.ts';
import { readSslEnforced } from '../supabase/ssl.ts';

/**
 * What the deploy would change in Supabase, a line each; none where all is as stated. `dead` logins
 * get a new password. A project that still comes up is waited for; one that is paused or going is a Failure.
 */
export async function planSettings(
  site: Site,
  dead: readonly DeadLogin[] = [],
): Promise<readonly string[]> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project) return [`create the project ${name}`];
  const { ref } = await waitUntilReady(site.supabase, project.ref);
  const lines = await Promise.all([
    (await isOwn(site, project)) ? [] : planAdoption(site, project),
    planAuth(site, ref),
    planSchemas(site, ref),
    planSsl(site, ref),
    planNetwork(site, ref),
  ]);
  return [...lines.flat(), ...dead.map(deadLine)];
}

/** How a login that the database refuses stands in plan and drift. */
export function deadLine({ role, secret, moved }: DeadLogin): string {
  if (moved) return `login ${role}: ${secret} gets the address that the database has now`;
  return `login ${role}: the database refuses its password in ${secret}`;
}

async function planAuth(site: Site, ref: string): Promise<readonly string[]> {
  const wanted = ownedSettings(site);
  const now = await readSettings(site.supabase, { ref, fields: Object.keys(wanted) });
  const password = await smtpPassword(site);
  const differs = await smtpPasswordDiffers(site.supabase, { ref, password });
  const lines = settingsDiff(now, wanted).map(
    ({ field, from, to }) => `${field}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
  );
  return differs ? [...lines, 'smtp_pass: another one'] : lines;
}

async function planSchemas(site: Site, ref: string): Promise<readonly string[]> {
  const { exposedSchemas } = site.environment.supabase;
  const now = await readApiSchemas(site.supabase, ref);
  if (now.join() === exposedSchemas.join()) return [];
  return [`exposed schemas: ${now.join(', ')} -> ${exposedSchemas.join(', ')}`];
}

async function planSsl(site: Site, ref: string): Promise<readonly string[]> {
  const { sslEnforced } = site.environment.supabase;
  const now = await readSslEnforced(site.supabase, ref);
  return now === sslEnforced ? [] : [`SSL enforced: ${now} -> ${sslEnforced}`];
}

async function planNetwork(site: Site, ref: string): Promise<readonly string[]> {
  const { networkRestrictions: wanted } = site.environment.supabase;
  if (!wanted) return [];
  const now = await readNetwork(site.supabase, ref);
  return sameRanges(now, wanted) ? [] : [`network: ${now.join(', ')} -> ${wanted.join(', ')}`];
}
