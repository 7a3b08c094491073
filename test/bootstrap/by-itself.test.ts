import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrapByItself } from '../../src/bootstrap/by-itself.ts';
import { neededApis } from '../../src/bootstrap/needed-apis.ts';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { drillName } from '../../src/drills/drill-site.ts';
import { siteIn } from '../../src/endpoints.ts';
import { enabledApis } from '../../src/gcp/enabled-apis.ts';
import { tokenCreation } from '../../src/gcp/token-creation.ts';
import { openGoogle } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';
import { temporaryFolder } from '../setup/process.ts';

let google: GoogleDoor;
let config: Config;
let home: string;
const names = ['production', 'staging'].flatMap((name) => [name, drillName(name)]);
const site = (name: string) => siteIn({ root: process.cwd(), home }, config, name);

beforeAll(async () => {
  google = await openGoogle({ run: true, walls: true });
  await google.call('PUT', '/_sandbox/profile', { name: 'zero', iamSpreadMs: 0 });
  config = await readConfig(process.cwd());
  home = await temporaryFolder('by-itself');
  const url = google.access.endpoints.run;
  const book = {
    ...{ version: 1, google: url, googleToken: await google.access.token() },
    ...{ supabase: url, supabaseToken: 'none', reattach: '' },
    temporal: { address: '127.0.0.1:9', ui: url, namespace: 'default' },
  };
  await writeFile(join(home, 'sandbox.json'), JSON.stringify(book));
  for (const name of names) {
    const { project } = (await site(name)).environment;
    await google.call('PUT', `/_sandbox/projects/${project}`);
  }
});
afterAll(async () => {
  await google.close();
  await rm(home, { recursive: true, force: true });
});

async function bootstrapped(): Promise<readonly string[]> {
  const told: string[] = [];
  const place = { root: process.cwd(), home };
  await bootstrapByItself(place, config, (line) => void told.push(line.split(':')[0] ?? ''));
  return told.sort();
}

it('the sandbox’s projects are bootstrapped once, those of the drills in silence', async () => {
  expect(await bootstrapped()).toEqual(['production', 'staging']);
  for (const name of names) {
    const { google: access } = await site(name);
    expect(await enabledApis(access), name).toEqual(expect.arrayContaining([...neededApis]));
    expect(await tokenCreation(access), name).toBe('held');
  }
  expect(await bootstrapped()).toEqual([]);
});

it('an API that was switched off since is switched on again', async () => {
  const { project } = (await site('staging')).environment;
  await google.call('POST', `/v1/projects/${project}/services/run.googleapis.com:disable`, {});
  expect(await bootstrapped()).toEqual(['staging']);
});

it('a project in the clouds is left to the person', async () => {
  const { project } = (await site('production')).environment;
  await google.call('POST', `/v1/projects/${project}/services/run.googleapis.com:disable`, {});
  const before = config;
  const { staging, production } = config.environments;
  if (!staging || !production) throw new Error('the sample has both');
  const environments = { staging, production: { ...production, target: 'cloud' as const } };
  config = { ...config, environments };
  expect(await bootstrapped()).toEqual([]);
  config = before;
  expect(await enabledApis((await site('production')).google)).not.toContain('run.googleapis.com');
});
