import { lookup } from 'node:dns/promises';
import { ipv4Name } from '../database-way/ipv4-name.ts';
import { planWay } from '../database-way/plan-way.ts';
import { held } from '../held.ts';
import { openClient } from '../postgres/connect.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import { smtpPassword } from '../smtp-password.ts';
import { readSettings } from '../supabase/auth-settings.ts';
import { openOrganizations } from '../supabase/organization.ts';
import { findProject } from '../supabase/project.ts';
import type { Project } from '../supabase/project.ts';
import { wayOutOf } from '../supabase/readiness.ts';
import type { Check, Finding } from './examine.ts';

/** What Supabase says of the token, the organization and the project, and whether its database answers. */
export function supabaseChecks(site: Site): readonly Check[] {
  let asked: Promise<Project | undefined> | undefined;
  const found = (signal: AbortSignal) => (asked ??= held(projectOf(site, signal)));
  return [
    { id: 'supabase token', look: (signal) => organization(site, signal) },
    { id: 'supabase project', look: async (signal) => project(await found(signal)) },
    { id: 'mails', look: async (signal) => mails(site, await found(signal), signal) },
    { id: 'database', look: async (signal) => database(site, await found(signal)) },
  ];
}

async function organization(site: Site, signal: AbortSignal): Promise<Finding> {
  const wanted = site.environment.supabase.organization;
  const open = await openOrganizations(site.supabase, { signal });
  if (open.includes(wanted)) return { state: 'ok', says: `opens the organization ${wanted}` };
  return {
    state: 'missing',
    says: `opens ${open.join(', ') || 'no organization'}, not ${wanted}`,
    fix: `Use a token of somebody who is a member of ${wanted}, or name another organization in windlass.yaml.`,
  };
}

function project(found: Project | undefined): Finding {
  if (!found) return { state: 'ok', says: 'not there yet; a deploy creates it' };
  const { name, ref, status } = found;
  if (status === 'ACTIVE_HEALTHY') return { state: 'ok', says: `${name} (${ref})` };
  return {
    state: 'missing',
    says: `${name} (${ref}) is ${status}`,
    fix: wayOutOf(found) ?? 'Wait until its change is through.',
  };
}

/** With SMTP stated its name must be known; without, nobody but members could confirm an address. */
async function mails(
  site: Site,
  found: Project | undefined,
  signal: AbortSignal,
): Promise<Finding> {
  const { settings } = site.environment.supabase;
  await smtpPassword(site);
  if (settings.smtp_host !== undefined)
    return { state: 'ok', says: `by ${settings.smtp_host}, from ${settings.smtp_admin_email}` };
  if (settings.mailer_autoconfirm) return { state: 'ok', says: 'none needed to sign up' };
  const fields = ['smtp_host'];
  const up = found?.status === 'ACTIVE_HEALTHY' ? found : undefined;
  const now = up && (await readSettings(site.supabase, { ref: up.ref, fields }, { signal }));
  if (now?.['smtp_host'])
    return {
      state: 'ok',
      says: `by ${String(now['smtp_host'])}, which windlass.yaml does not state`,
    };
  return {
    state: 'warning',
    says: 'addresses must be confirmed, and Supabase’s own mailer writes to members of the organization alone, twice an hour',
    fix: 'State a mail server: smtp_host, smtp_port, smtp_user, smtp_admin_email, smtp_sender_name and `smtpPasswordFile` (docs/first-cloud-deploy.md).',
  };
}

async function database(site: Site, found: Project | undefined): Promise<Finding> {
  if (!found) return { state: 'ok', says: 'not there yet' };
  const { way } = await planWay(site);
  if (way === 'direct' && (await hasOnlyIpv6(found.host)))
    return {
      state: 'missing',
      says: `${found.host} has an IPv6 address alone, which Cloud Run does not reach`,
      fix: `Let \`supabase.connection\` be auto or pooler, or buy the IPv4 add-on ($4 a month): \`windlass deploy -e ${site.name} --accept ${ipv4Name(site)}\`.`,
    };
  const login = await databaseOf(site);
  if (!login)
    return {
      state: 'warning',
      says: `the project ${found.name} was not made by a deploy of ${site.name}`,
      fix: `Deploy with \`--accept supabase-project:${found.name}\` to take it over, or name another project.`,
    };
  const client = await openClient(login);
  try {
    const { rows } = await client.query<{ version: string }>(
      "select current_setting('server_version') as version",
    );
    const by = way === 'direct' ? 'its own host' : 'the pooler';
    const version = rows[0]?.version ?? '?';
    return { state: 'ok', says: `answers from here by ${by} (Postgres ${version})` };
  } finally {
    await client.end();
  }
}

function projectOf({ supabase, environment }: Site, signal: AbortSignal) {
  const { organization: slug, project: name } = environment.supabase;
  return findProject(supabase, { name, organization: slug }, { signal });
}

/** Where the name has addresses, and none of the kind that most networks can reach. */
async function hasOnlyIpv6(host: Project['host']): Promise<boolean> {
  if (host === '') return false;
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.length > 0 && found.every(({ family }) => family === 6);
}
