import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksOf } from '../../src/doctor/checks.ts';
import { deployPermissions } from '../../src/doctor/deploy-permissions.ts';
import { examine } from '../../src/doctor/examine.ts';
import type { Examined } from '../../src/doctor/examine.ts';
import { keyInFile } from '../../src/backups/keys.ts';
import { everythingAt } from '../../src/gcp/access.ts';
import { grantOnProject } from '../../src/gcp/project-policy.ts';
import { ensureSecret } from '../../src/gcp/secret-container.ts';
import { tokenCreator } from '../../src/gcp/token-creation.ts';
import type { Site } from '../../src/site.ts';
import { switchApi } from '../../sandbox/google/apis/switched.ts';
import { ensureProject } from '../../sandbox/google/projects.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';
import { openDateServer } from './date-server.ts';

let clouds: TwoClouds;

beforeAll(async () => {
  clouds = await openTwoClouds();
});

afterAll(async () => {
  await clouds.close();
});

async function found(site: Site, id: string): Promise<Examined> {
  const checks = checksOf(site).filter((one) => one.id === id);
  const [one] = await examine(checks);
  if (!one) throw new Error(`there is no check ${id}`);
  return one;
}

/** Nobody switches it on through itself. */
const setApi = (name: string): void => switchApi(clouds.google.world, 'demo-prod', name, true);

const cloud = (site: Site): Site => ({
  ...site,
  environment: { ...site.environment, target: 'cloud' },
});

describe('the doctor', () => {
  it('finds nothing missing in Google and Supabase where all is there', async () => {
    const checks = checksOf(clouds.site).filter(({ id }) =>
      /^(google|supabase|state|release)/.test(id),
    );
    expect(checks).toHaveLength(8);
    for (const one of await examine(checks)) expect(one, one.id).toMatchObject({ state: 'ok' });
  });

  it('changes nothing', async () => {
    const written = async (): Promise<readonly string[]> => {
      const file = join(clouds.google.world.folder, 'writes.ndjson');
      return (await readFile(file, 'utf8')).trim().split('\n');
    };
    const before = await written();
    expect(before.length).toBeGreaterThan(0);
    await examine(checksOf(clouds.site));
    const since = (await written()).slice(before.length);
    expect(since.filter((line) => !line.includes(':testIamPermissions'))).toEqual([]);
  });

  it('names each role that the credential lacks, with the command that grants it', async () => {
    await clouds.google.call('POST', '/v1/projects/demo-prod/serviceAccounts', {
      accountId: 'weak-hands',
    });
    const token = await clouds.google.call(
      'POST',
      '/v1/projects/-/serviceAccounts/weak-hands@demo-prod.iam.gserviceaccount.com:generateAccessToken',
      { scope: ['https://www.googleapis.com/auth/cloud-platform'] },
    );
    const { accessToken } = { accessToken: '', ...Object(token) };
    const google = everythingAt(clouds.google.access.endpoints.run, {
      ...clouds.site.google,
      token: async () => String(accessToken),
    });
    const roles = await found({ ...clouds.site, google }, 'google roles');
    expect(roles.state).toBe('missing');
    for (const permission of deployPermissions) expect(roles.says).toContain(permission);
    expect(roles.fix).toContain('gcloud projects add-iam-policy-binding demo-prod');
    expect(roles.fix).toContain('--role roles/run.admin');
  });

  it('finds a project that is not there', async () => {
    const google = { ...clouds.site.google, project: 'nowhere-at-all' };
    expect(await found({ ...clouds.site, google }, 'google project')).toMatchObject({
      state: 'missing',
    });
  });

  it('finds the APIs that are off, whatever the target, and says what switches them on', async () => {
    const api = (name: string, verb: string) =>
      clouds.google.call('POST', `/v1/projects/demo-prod/services/${name}:${verb}`, {});
    const off = ['pubsub.googleapis.com', 'run.googleapis.com'];
    for (const name of off) await api(name, 'disable');
    for (const site of [clouds.site, cloud(clouds.site)])
      expect(await found(site, 'google apis')).toMatchObject({
        state: 'missing',
        says: 'pubsub.googleapis.com, run.googleapis.com are off',
        fix: expect.stringContaining('windlass bootstrap -e production'),
      });
    await api('serviceusage.googleapis.com', 'disable');
    expect(await found(clouds.site, 'google apis')).toMatchObject({
      state: 'missing',
      says: expect.stringContaining('console.developers.google.com/apis/api/serviceusage'),
      fix: expect.stringContaining(
        'gcloud services enable serviceusage.googleapis.com --project demo-prod',
      ),
    });
    setApi('serviceusage.googleapis.com');
    for (const name of off) await api(name, 'enable');
    expect(await found(clouds.site, 'google apis')).toMatchObject({ state: 'ok' });
  });

  it('finds an owner that makes no token of an account, and one whose grant has yet to spread', async () => {
    await clouds.google.call('PUT', '/_sandbox/walls/impersonation', {});
    expect(await found(clouds.site, 'google roles')).toMatchObject({
      state: 'missing',
      says: expect.stringContaining('iam.serviceAccounts.getAccessToken'),
      fix: expect.stringMatching(/windlass bootstrap -e production.*serviceAccountTokenCreator/),
    });
    await clouds.google.call('PUT', '/_sandbox/profile', { name: 'zero', iamSpreadMs: 120_000 });
    const member = 'user:owner@sandbox';
    await grantOnProject(clouds.site.google, { role: tokenCreator, member });
    expect(await found(clouds.site, 'google roles')).toMatchObject({
      state: 'warning',
      says: expect.stringContaining('has not spread yet'),
    });
    await clouds.google.call('DELETE', '/_sandbox/walls/impersonation');
  });

  it('finds a bucket that somebody else has', async () => {
    ensureProject(clouds.google.world, 'somebody-else');
    await clouds.google.call('POST', '/storage/v1/b?project=somebody-else', {
      name: 'taken-state',
    });
    const state = await found({ ...clouds.site, stateBucket: 'taken-state' }, 'state bucket');
    expect(state).toMatchObject({
      state: 'missing',
      says: expect.stringContaining('another project'),
    });
  });

  it('warns where nobody is told of the cost', async () => {
    const { billingAccount: _, ...environment } = clouds.site.environment;
    expect(await found({ ...clouds.site, environment }, 'budget')).toMatchObject({
      state: 'warning',
      fix: expect.stringContaining('billingAccount'),
    });
  });

  it('finds a token that does not open the organization, or is none', async () => {
    const supabase = { ...clouds.site.environment.supabase, organization: 'elsewhere' };
    const environment = { ...clouds.site.environment, supabase };
    expect(await found({ ...clouds.site, environment }, 'supabase token')).toMatchObject({
      state: 'missing',
      says: expect.stringContaining('not elsewhere'),
    });
    const stale = { ...clouds.site.supabase, token: async () => 'sbp_stale' };
    expect(await found({ ...clouds.site, supabase: stale }, 'supabase token')).toMatchObject({
      state: 'missing',
      fix: expect.any(String),
    });
  });

  it('finds a backup key that is not there', async () => {
    const backupKeys = keyInFile(clouds.site.root, 'no-such.key');
    const key = await found({ ...clouds.site, backupKeys }, 'backup key');
    expect(key).toMatchObject({ state: 'missing', fix: expect.any(String) });
  });

  it('finds a secret without a value, and says the command that gives it one', async () => {
    const { config } = clouds.site;
    const [[name, service] = ['', undefined]] = Object.entries(config.services);
    if (!service) throw new Error('no services');
    const secrets = { ...service.secrets, 'model-key': 'external' as const };
    const services = { ...config.services, [name]: { ...service, secrets } };
    const site = { ...clouds.site, config: { ...config, services } };
    const secret = `${name}-model-key`;
    expect(await found(site, 'external secrets')).toMatchObject({
      state: 'missing',
      says: `${secret}: no value`,
      fix: expect.stringContaining(`windlass secrets set ${name}/model-key -e ${site.name} < FILE`),
    });
    await ensureSecret(site.google, { secret, labels: {} });
    expect(await found(site, 'external secrets')).toMatchObject({ state: 'missing' });
  });

  it('finds a clock that is minutes off', async () => {
    await using late = await openDateServer(new Date(Date.now() - 10 * 60_000));
    const endpoints = { ...clouds.site.google.endpoints, storage: late.url };
    const google = { ...clouds.site.google, endpoints };
    expect(await found({ ...clouds.site, google }, 'clock')).toMatchObject({
      state: 'missing',
      says: expect.stringMatching(/^(599|600|601) s off/),
    });
  });

  it('finds that Temporal is not there', async () => {
    const site = { ...clouds.site, home: '/nowhere' };
    expect(await found(site, 'temporal')).toMatchObject({ state: 'missing' });
  });
});
