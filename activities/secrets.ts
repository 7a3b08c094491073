import type { Deploy } from '../src/deploy.ts';
import { Failure } from '../src/failure.ts';
import { unlessMissing } from '../src/gcp/refusal.ts';
import { markedVersion } from '../src/gcp/secret-value.ts';
import { disableVersion, listVersions, newestEnabled } from '../src/gcp/secrets.ts';
import { keptSecrets } from '../src/recovery/kept-secrets.ts';
import { adminSecret, migratorSecret } from '../src/login-secrets.ts';
import { keepUnkept, retireDeadAdmin } from '../src/admin-login/held-admin.ts';
import { databaseAddress } from '../src/database-way/way.ts';
import { adminLogin } from '../src/admin-login/admin-login.ts';
import { externalSecrets } from '../src/secret-values/external.ts';
import { fillMigrator } from '../src/secret-values/migrator.ts';
import { proveLogin } from '../src/secret-values/prove-login.ts';
import { rotateSecret } from '../src/secret-values/rotate.ts';
import { valuesFor } from '../src/secret-values/values.ts';
import type { Site } from '../src/site.ts';
import { serviceSecrets } from '../src/services.ts';
import { needed } from '../src/stacks/needed.ts';
import { refuseDeadLogins } from '../src/way-back/dead-logins.ts';
import type { Work } from './edge.ts';

type Versions = Readonly<Record<string, string>>;

/** Reads the newest enabled version of every secret; a secret without one is left out. */
export async function observeSecrets(
  _d: Deploy,
  { site }: Work,
): Promise<{ readonly secretsBefore: Versions }> {
  return { secretsBefore: await newestVersions(site) };
}

/** Fills what is empty, replaces what points to another database or is to rotate, and logs in with it; returns version numbers. */
export async function fillSecrets(
  d: Deploy,
  { site, signal, beat }: Work,
): Promise<Partial<Deploy>> {
  const ref = needed(d.supabaseRef, 'the Supabase project');
  const admin = await adminLogin(site, ref);
  const address = await databaseAddress(site, ref, { signal });
  await retireDeadAdmin(site, address);
  await keepUnkept(site, address);
  await fillMigrator(site, admin, signal);
  const kept = d.recover?.source === site.name ? await keptSecrets(site) : {};
  const ensure = await valuesFor(site, { ref, admin, signal, kept });
  const planned = d.plan?.secretVersions ?? {};
  const versions: Record<string, string> = {};
  for (const secret of serviceSecrets(site.config))
    versions[secret.id] = String(
      d.rotate?.includes(secret.id)
        ? await rotateSecret(site, { secret, admin, signal, planned: planned[secret.id] })
        : await ensure(secret),
    );
  beat('trying every login');
  await logInAsEach(site, versions);
  if (d.plan) refuseSurprises(versions, d.plan.secretVersions);
  return { secretVersions: versions };
}

/** The rollback's probe: every role logs in with the version that its service is given back. */
export async function proveLogins(d: Deploy, { site }: Work): Promise<Partial<Deploy>> {
  const versions = d.secretVersions ?? needed(d.plan, 'the plan').secretVersions;
  const target = needed(d.target, 'where to go back to');
  await refuseDeadLogins(site, { target, versions, missing: [] });
  return {};
}

/** Every service's login works, through the address that the service uses. */
async function logInAsEach(site: Site, versions: Versions): Promise<void> {
  const logins = serviceSecrets(site.config).filter(({ source }) => source === 'database');
  await Promise.all(logins.map((secret) => proveLogin(site, secret, Number(versions[secret.id]))));
}

/** A rollback's secrets: those that were deleted since the target ran get a new value. */
export async function refillSecrets(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { missingSecrets, secretVersions } = needed(d.plan, 'the plan');
  if (missingSecrets.length === 0) return { secretVersions };
  const { site, signal } = work;
  const ref = needed(d.supabaseRef, 'the Supabase project');
  const ensure = await valuesFor(site, { ref, admin: await adminLogin(site, ref), signal });
  const refilled: Record<string, string> = {};
  for (const secret of serviceSecrets(site.config))
    if (missingSecrets.includes(secret.id)) refilled[secret.id] = String(await ensure(secret));
  refuseSurprises(refilled, secretVersions);
  return { secretVersions };
}

/**
 * Disables every version that this run added; nothing is destroyed, and what a person gave stays:
 * an external secret, and any version after the one that carries the mark of Windlass.
 */
export async function withdrawSecrets(d: Deploy, { site }: Work): Promise<Partial<Deploy>> {
  const before = needed(d.secretsBefore, 'the secrets before');
  const given = new Set(externalSecrets(site).map(({ id }) => id));
  const stays: string[] = [];
  for (const id of secretIds(site).filter((one) => !given.has(one))) {
    const versions = (await unlessMissing(listVersions(site.google, id))) ?? [];
    const added = versions.filter(
      ({ number, state }) => state === 'ENABLED' && number > Number(before[id] ?? 0),
    );
    if (added.length === 0) continue;
    const own = await markedVersion(site.google, id);
    for (const { number } of added)
      if (number <= own) await disableVersion(site.google, { secret: id, version: number });
      else stays.push(`secret ${id}, version ${number}: not added by this run, left enabled`);
  }
  return stays.length === 0 ? {} : { kept: [...(d.kept ?? []), ...stays] };
}

/** The newest enabled version by secret id. */
export async function newestVersions(site: Site): Promise<Versions> {
  const found = await Promise.all(
    secretIds(site).map(
      async (id) => [id, await unlessMissing(newestEnabled(site.google, id))] as const,
    ),
  );
  return Object.fromEntries(
    found.flatMap(([id, version]) => (version === undefined ? [] : [[id, String(version)]])),
  );
}

/** An older release's foundation may lack one of them. */
function secretIds(site: Site): readonly string[] {
  return [adminSecret, migratorSecret, ...serviceSecrets(site.config).map(({ id }) => id)];
}

function refuseSurprises(got: Versions, planned: Versions): void {
  const moved = Object.keys(got).filter((id) => got[id] !== planned[id]);
  if (moved.length === 0) return;
  throw new Failure({
    code: 'SECRETS_MOVED',
    what: 'A secret changed after the plan was made',
    why: `the plan pins other versions of ${moved.join(', ')}`,
    fix: 'Deploy again: a new plan pins what is there now.',
  });
}
