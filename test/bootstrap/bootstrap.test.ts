import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringAbout, whatLacks } from '../../src/bootstrap/bootstrap.ts';
import { buildApi, neededApis } from '../../src/bootstrap/needed-apis.ts';
import { bucketOwner, readGoogleProject } from '../../src/gcp/project.ts';
import { enabledApis } from '../../src/gcp/enabled-apis.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { openGoogle } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

let google: GoogleDoor;
let site: Site;

beforeAll(async () => {
  google = await openGoogle();
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

describe('the bootstrap of a new project', () => {
  it('finds every API off and both buckets missing, and changes nothing by looking', async () => {
    const lacking = await whatLacks(site);
    expect(lacking.apis).toEqual([...neededApis, buildApi]);
    expect(lacking.buckets.map(({ project }) => project)).toEqual(['demo-prod', 'vault-prod']);
    expect(await whatLacks(site)).toEqual(lacking);
  });

  it('switches them on, makes each bucket in its project, and says so', async () => {
    const told: string[] = [];
    await bringAbout(site, await whatLacks(site), (line) => told.push(line));
    expect(told).toHaveLength(neededApis.length + 3);
    expect(await enabledApis(site.google)).toEqual(expect.arrayContaining([...neededApis]));
    const vault = await readGoogleProject({ ...site.google, project: 'vault-prod' });
    expect(await bucketOwner(site.google, site.releaseBucket)).toBe(vault.projectNumber);
  });

  it('has nothing to do then', async () => {
    expect(await whatLacks(site)).toEqual({ apis: [], buckets: [] });
  });
});

it('the foundation switches on the same APIs', async () => {
  const text = await readFile('infra/stacks/10-foundation/variables.tf', 'utf8');
  const [, list = ''] = /variable "apis" \{[^]*?default = \[([^]*?)\]/.exec(text) ?? [];
  expect([...list.matchAll(/"([^"]+)"/g)].map(([, api]) => api)).toEqual(neededApis);
});
