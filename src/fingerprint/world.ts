import { createHash } from 'node:crypto';
import { unlessMissing } from '../gcp/refusal.ts';
import { readServices, readRevision } from '../gcp/run.ts';
import { newestEnabled } from '../gcp/secrets.ts';
import { ownedSettings } from '../owned-settings.ts';
import { withClient } from '../postgres/connect.ts';
import { readCatalog } from '../postgres/fingerprint.ts';
import { isOfEnvironment } from '../services-of-environment.ts';
import { databaseServices, serviceSecrets } from '../services.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import { readSettings } from '../supabase/auth-settings.ts';
import { readApiSchemas } from '../supabase/data-api.ts';
import { readNetwork } from '../supabase/network.ts';
import { findProject } from '../supabase/project.ts';
import { readSslEnforced } from '../supabase/ssl.ts';
import { trafficOf } from '../traffic.ts';
import { backgroundLines } from './background-lines.ts';
import { stateLines } from './state-lines.ts';

/** All that makes an environment what it is, as sorted lines, and the digest over them. */
export interface WorldFingerprint {
  readonly sha256: string;
  readonly lines: readonly string[];
}

/**
 * Reads an environment from its clouds, not from records: states, services with what serves and
 * what their newest revision is made of, newest secret versions, roles, schemas, settings. Names
 * that only count attempts (revisions without traffic, generations, etags, times) are left out.
 */
export async function worldFingerprint(site: Site): Promise<WorldFingerprint> {
  const parts = await Promise.all([
    stateLines(site),
    serviceLines(site),
    backgroundLines(site),
    secretLines(site),
    databaseLines(site),
    settingLines(site),
  ]);
  const lines = parts.flat().sort();
  return { lines, sha256: createHash('sha256').update(lines.join('\n')).digest('hex') };
}

/** The environment's services, with what serves. */
export async function serviceLines(site: Site): Promise<readonly string[]> {
  // What others run in the same project is theirs, and moves when they like.
  const services = (await readServices(site.google)).filter((one) => isOfEnvironment(site, one));
  const traffic = trafficOf(services);
  const found = services.map(async ({ name, image, mounts, serviceAccount }) => {
    const shares = traffic[name] ?? [];
    const serving = shares.map(async ({ revision, percent, tag }) => {
      const made = await readRevision(site.google, { service: name, revision });
      return `traffic ${name} ${percent} % ${revision} ${made?.image} ${tag ?? ''}`.trim();
    });
    const newest = `service ${name} ${image} ${serviceAccount} ${JSON.stringify(mounts)}`;
    return [newest, ...(await Promise.all(serving))];
  });
  return (await Promise.all(found)).flat();
}

async function secretLines(site: Site): Promise<readonly string[]> {
  const found = serviceSecrets(site.config).map(async ({ id }) => {
    const version = await unlessMissing(newestEnabled(site.google, id));
    return `secret ${id} ${version ?? 'none'}`;
  });
  return Promise.all(found);
}

async function databaseLines(site: Site): Promise<readonly string[]> {
  const login = await databaseOf(site);
  if (!login) return ['database none'];
  const services = databaseServices(site.config);
  const parts = await withClient(login, (client) => readCatalog(client, services));
  return Object.entries(parts).flatMap(([kind, rows]) =>
    rows.map((row) => `${kind} ${JSON.stringify(row)}`),
  );
}

async function settingLines(site: Site): Promise<readonly string[]> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project) return ['supabase none'];
  const { ref } = project;
  const fields = Object.keys(ownedSettings(site));
  const settings = await readSettings(site.supabase, { ref, fields });
  return [
    ...Object.entries(settings).map(([field, value]) => `setting ${field} ${value}`),
    `exposed ${(await readApiSchemas(site.supabase, ref)).join(',')}`,
    `ssl ${await readSslEnforced(site.supabase, ref)}`,
    `network ${(await readNetwork(site.supabase, ref)).join(',')}`,
  ];
}
