import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillSecrets } from '../../activities/secrets.ts';
import { bootstrapSupabase } from '../../activities/supabase.ts';
import type { Deploy, Plan } from '../../src/deploy.ts';
import { supabaseDrift } from '../../src/drift/supabase.ts';
import { ensureVersion } from '../../src/gcp/secret-value.ts';
import { accessVersion } from '../../src/gcp/secrets.ts';
import { planSettings } from '../../src/planning/plan-settings.ts';
import { predictSecrets } from '../../src/planning/predict-secrets.ts';
import { refusedLogins } from '../../src/planning/refused-logins.ts';
import { settingUndo } from '../../src/planning/undo/setting-undo.ts';
import { canLogIn } from '../../src/postgres/connect.ts';
import { whoMigrates } from '../../src/secret-values/migrator.ts';
import { loginOf } from '../../src/secret-values/database-url.ts';
import { serviceSecrets } from '../../src/services.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';
import { opened } from '../sandbox/supabase/stand-in.ts';

const deploy: Deploy = {
  environment: 'production',
  actor: 'test',
  approval: 'auto',
  runId: 'run',
};
const habits = 'habits-database-url';
const meals = 'meals-database-url';
let clouds: TwoClouds;
let ref = '';

beforeAll(async () => {
  clouds = await openTwoClouds();
  const ids = serviceSecrets(clouds.site.config).map(({ id }) => id);
  await clouds.makeSecrets(['supabase-admin', 'supabase-migrator', ...ids]);
  ref = (await bootstrapSupabase(deploy, clouds.work())).supabaseRef ?? '';
  await fill();
}, 120_000);
afterAll(() => clouds.close());

describe('a login of ours whose password was changed by hand', () => {
  test('is seen by plan and drift, which name what heals it', async () => {
    expect(await refusedLogins(clouds.site)).toEqual([]);
    await change('habits_service', 'windlass_migrator');
    const dead = await refusedLogins(clouds.site);
    expect(dead).toEqual([
      { secret: habits, role: 'habits_service' },
      { secret: 'supabase-migrator', role: 'windlass_migrator' },
    ]);
    const lines = await planSettings(clouds.site, dead);
    expect(lines).toEqual([
      'login habits_service: the database refuses its password in habits-database-url',
      'login windlass_migrator: the database refuses its password in supabase-migrator',
    ]);
    expect(settingUndo(lines).map(({ undo, change }) => `${change} ${undo}`)).toEqual([
      'new password withdraw',
      'new password withdraw',
    ]);
    const found = await supabaseDrift(clouds.site);
    expect(found.filter(({ owner }) => owner === 'the secrets step')).toEqual([
      expect.objectContaining({ what: lines[0], next: expect.stringContaining('windlass deploy') }),
      expect.objectContaining({ what: lines[1] }),
    ]);
  });

  test('gets the version that the plan has said, and works again; nothing else moves', async () => {
    const admin = await requireDatabase(clouds.site);
    expect(await whoMigrates(clouds.site, admin)).toBe(admin);
    const before = await predictSecrets(clouds.site);
    const filled = await fill(await planned());
    const moved = Object.entries(filled).filter(([id, one]) => before.versions[id] !== one);
    expect(moved).toEqual([[habits, '2']]);
    expect(await refusedLogins(clouds.site)).toEqual([]);
    expect(await whoMigrates(clouds.site, admin)).toMatchObject({ user: 'windlass_migrator' });
    expect(await fill(await planned())).toEqual(filled);
  });

  test('is healed as the login that it is: the other keeps what an older version says', async () => {
    await fill({ ...(await planned([meals])) }, [meals]);
    const first = loginOf(await value(meals, 1), clouds.standIn.supabase.databaseCa);
    expect(await clouds.newest(meals)).toContain('meals_service_2');
    await change('meals_service_2');
    await fill(await planned());
    expect(await clouds.newest(meals)).toContain('meals_service_2');
    expect(await canLogIn(first)).toBe(true);
    expect(await refusedLogins(clouds.site)).toEqual([]);
  });

  test('is no concern of whoever changed the password of postgres: nothing of ours uses it', async () => {
    await change('postgres');
    expect(await clouds.newest('supabase-admin')).toBeUndefined();
    expect(await supabaseDrift(clouds.site)).toEqual([]);
    await fill(await planned());
  });

  test('of postgres, as an older Windlass has set it, is used while it works, then disabled', async () => {
    const secret = 'supabase-admin';
    await ensureVersion(clouds.site.google, { secret, value: 'by hand', key: 'key' });
    const held = await requireDatabase(clouds.site);
    expect(held).toMatchObject({ user: 'postgres', password: 'by hand' });
    await fill(await planned());
    const project = await opened(clouds.standIn.api, ref);
    await project.sql("alter role postgres password 'in the dashboard'");
    expect(await requireDatabase(clouds.site)).toMatchObject({ actsAs: 'postgres' });
    await fill(await planned());
    expect(await clouds.newest(secret)).toBeUndefined();
  });
});

type Versions = Readonly<Record<string, string>>;

/** The versions that a plan made now pins. */
async function planned(rotate: readonly string[] = []): Promise<Versions> {
  const dead = (await refusedLogins(clouds.site)).map(({ secret }) => secret);
  return (await predictSecrets(clouds.site, {}, { rotate, dead })).versions;
}

/** The secrets step of a run whose plan pins these versions; SECRETS_MOVED where it gets others. */
async function fill(secretVersions?: Versions, rotate: readonly string[] = []): Promise<Versions> {
  const plan: Plan | undefined = secretVersions && { ...emptyPlan, secretVersions };
  const asked = { ...deploy, supabaseRef: ref, rotate, ...(plan && { plan }) };
  return (await fillSecrets(asked, clouds.work())).secretVersions ?? {};
}

const emptyPlan: Plan = {
  ...{ digest: '', stacks: [], migrations: [], settings: [], promote: [], missingSecrets: [] },
  ...{ secretVersions: {}, cost: { fixed: 0, unknown: [] }, unchanged: false, states: [] },
  details: { object: '', sha256: '' },
  undo: {
    ...{ changes: 0, coveragePercent: 100, seconds: 0, basis: 'defaults' },
    ...{ ways: {}, pointsOfNoReturn: [] },
  },
};

async function change(...roles: readonly string[]): Promise<void> {
  const project = await opened(clouds.standIn.api, ref);
  for (const role of roles) await project.sql(`alter role ${role} password 'by hand'`);
}

async function value(secret: string, version: number): Promise<string> {
  return String(await accessVersion(clouds.site.google, { secret, version }));
}
