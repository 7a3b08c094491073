import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringAbout, whatLacks } from '../../src/bootstrap/bootstrap.ts';
import { buildApi, neededApis } from '../../src/bootstrap/needed-apis.ts';
import { bucketOwner, readGoogleProject } from '../../src/gcp/project.ts';
import { enabledApis } from '../../src/gcp/enabled-apis.ts';
import { tokenCreation } from '../../src/gcp/token-creation.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { openGoogle } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

let google: GoogleDoor;
let site: Site;

beforeAll(async () => {
  google = await openGoogle({ run: true, walls: true });
  await google.call('PUT', '/_sandbox/profile', { name: 'zero', iamSpreadMs: 0, apiSpreadMs: 400 });
  for (const project of ['demo-prod', 'vault-prod'])
    await google.call('PUT', `/_sandbox/projects/${project}`);
  const usual = await siteAt('/nowhere', {
    google: { url: google.access.endpoints.run, token: google.access.token },
    supabase: {
      ...{ api: '', token: async () => '', projectUrl: async () => '' },
      databaseCa: undefined,
    },
  });
  const backup = { ...usual.environment.backup, project: 'vault-prod' };
  site = { ...usual, environment: { ...usual.environment, backup } };
});

afterAll(async () => {
  await google.close();
});

const onByThemselves = ['cloudresourcemanager.googleapis.com', 'serviceusage.googleapis.com'];
const disable = (project: string, api: string) =>
  google.call('POST', `/v1/projects/${project}/services/${api}:disable`, {});

describe('the bootstrap of a new project', () => {
  it('finds the APIs off, the role and both buckets missing, and changes nothing by looking', async () => {
    const lacking = await whatLacks(site);
    const own = [...neededApis, buildApi].filter((api) => !onByThemselves.includes(api));
    expect(lacking.apis).toEqual([
      ...own.map((api) => ({ api, project: 'demo-prod' })),
      { api: 'storage.googleapis.com', project: 'vault-prod' },
    ]);
    expect(lacking.tokens).toBe(true);
    expect(lacking.buckets.map(({ project }) => project)).toEqual(['demo-prod', 'vault-prod']);
    expect(await whatLacks(site)).toEqual(lacking);
  });

  it('switches them on and waits until they answer, grants the role, makes each bucket in its project, and says so', async () => {
    const told: string[] = [];
    await disable('demo-prod', 'cloudresourcemanager.googleapis.com'); // the role cannot even be looked up
    await bringAbout(site, await whatLacks(site), (line) => told.push(line));
    expect(told).toContain('enabled run.googleapis.com in demo-prod');
    expect(told).toContain('enabled storage.googleapis.com in vault-prod');
    expect(told.filter((line) => line.startsWith('waiting until'))).toHaveLength(2);
    expect(told).toContainEqual(
      expect.stringMatching(
        /^granted roles\/iam\.serviceAccountTokenCreator to user:owner@sandbox/,
      ),
    );
    expect(await enabledApis(site.google)).toEqual(expect.arrayContaining([...neededApis]));
    const vault = await readGoogleProject({ ...site.google, project: 'vault-prod' });
    expect(await bucketOwner(site.google, site.releaseBucket)).toBe(vault.projectNumber);
    expect(await tokenCreation(site.google)).toBe('held');
  });

  it('has nothing to do then', async () => {
    expect(await whatLacks(site)).toEqual({ apis: [], tokens: false, buckets: [] });
  });

  it('says what to do first where Service Usage itself is off', async () => {
    await disable('demo-prod', 'serviceusage.googleapis.com');
    await expect(whatLacks(site)).rejects.toMatchObject({
      code: 'GOOGLE_API_OFF',
      why: expect.stringContaining('console.developers.google.com/apis/api/serviceusage'),
      fix: expect.stringContaining('gcloud services enable serviceusage.googleapis.com'),
    });
  });
});

it('the foundation switches on the same APIs', async () => {
  const text = await readFile('infra/stacks/10-foundation/variables.tf', 'utf8');
  const [, list = ''] = /variable "apis" \{[^]*?default = \[([^]*?)\]/.exec(text) ?? [];
  expect([...list.matchAll(/"([^"]+)"/g)].map(([, api]) => api)).toEqual(neededApis);
});
