import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { serviceLines } from '../../src/fingerprint/world.ts';
import { readService } from '../../src/gcp/run.ts';
import { disableVersion } from '../../src/gcp/secrets.ts';
import { buildImage } from '../../src/images/build.ts';
import { pushImage } from '../../src/images/push.ts';
import type { Site } from '../../src/site.ts';
import { refuseLostVersions } from '../../src/way-back/lost-versions.ts';
import { refuseUnready } from '../../src/way-back/unready-revisions.ts';
import { siteAt } from '../environments/site.ts';
import { openGoogle, project } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

const place = `projects/${project}/locations/us-central1`;
const account = `run-all@${project}.iam.gserviceaccount.com`;
const program = `
import { createServer } from 'node:http';
if (process.env.BROKEN) process.exit(1);
createServer((_request, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');
`;
let door: GoogleDoor;
let site: Site;
let folder: string;
let sound: string;
let broken: string;

beforeAll(async () => {
  door = await openGoogle({ run: true });
  const doors = { google: { url: 'http://127.0.0.1:1', token: async () => 'none' } };
  const supabase = { api: '', token: async () => '', projectUrl: async () => '' };
  const usual = await siteAt('/nowhere', {
    ...doors,
    supabase: { ...supabase, databaseCa: undefined },
  });
  const { meals } = usual.config.services;
  if (!meals) throw new Error('the sample has no meals');
  site = { ...usual, google: door.access, config: { ...usual.config, services: { meals } } };
  await door.call('POST', `/v1/projects/${project}/serviceAccounts`, { accountId: 'run-all' });
  await door.call('POST', `/v1/${place}/repositories?repository_id=wellness`, { format: 'DOCKER' });
  folder = await mkdtemp(join(tmpdir(), 'windlass-way-back-'));
  await writeFile(join(folder, 'main.mjs'), program);
  const command = [process.execPath, 'main.mjs'];
  await writeFile(join(folder, 'service.json'), JSON.stringify({ command }));
  const repository = `us-central1-docker.pkg.dev/${project}/wellness/all`;
  const image = (await pushImage(door.access, { image: await buildImage(folder), repository }))
    .reference;
  const template = (env: readonly object[]) => ({
    serviceAccount: account,
    containers: [{ image, env, ports: [{ containerPort: 8080 }] }],
  });
  await door.call('POST', `/v2/${place}/services?serviceId=meals`, { template: template([]) });
  const now = async () => readService(door.access, 'meals');
  await vi.waitUntil(async () => (await now())?.ready, { timeout: 60_000, interval: 100 });
  sound = (await now())?.latestReadyRevision ?? '';
  await door.call('PATCH', `/v2/${place}/services/meals?updateMask=template`, {
    template: template([{ name: 'BROKEN', value: 'yes' }]),
  });
  broken = (await now())?.latestCreatedRevision ?? '';
}, 120_000);

afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const all = (revision: string) => ({ meals: [{ revision, percent: 100 }] });

it('a revision that never became ready gets no traffic back', async () => {
  await refuseUnready(site, all(sound));
  await expect(refuseUnready(site, all(broken))).rejects.toMatchObject({
    code: 'REVISION_NOT_READY',
    what: expect.stringContaining(broken),
  });
});

it('a revision without a share, or that went with its service, is no obstacle', async () => {
  const tagged = { revision: broken, percent: 0, tag: 'candidate' };
  const split = {
    meals: [...all(sound).meals, tagged],
    gone: [{ revision: 'gone-1', percent: 100 }],
  };
  await expect(refuseUnready(site, split)).resolves.toBeUndefined();
});

it('what others run in the same project is no obstacle, and no part of the world that an undo is held against', async () => {
  const without = { ...site, config: { ...site.config, services: {} } };
  await expect(refuseUnready(without, all(broken))).resolves.toBeUndefined();
  expect(await serviceLines(without)).toEqual([]);
  expect(await serviceLines(site)).toEqual([
    expect.stringMatching(/^service meals /),
    expect.stringMatching(/^traffic meals 100 % /),
  ]);
});

it('every version that is not enabled is named, with a way that fits how it was lost', async () => {
  const id = 'meals-database-url';
  const secret = `/v1/projects/${project}/secrets`;
  await door.call('POST', `${secret}?secretId=${id}`, { replication: { automatic: {} } });
  const add = () => door.call('POST', `${secret}/${id}:addVersion`, { payload: { data: 'eA==' } });
  await add();
  await add();
  const target = {
    release: { id: 'r-1', object: 'o', sha256: 's' },
    ...{ secretVersions: { [id]: '1' }, revisions: {}, traffic: all(sound), entry: 1 },
  };
  const way = (version: string, missing: readonly string[] = []) => ({
    ...{ target, missing },
    versions: { [id]: version },
  });
  await refuseLostVersions(site, way('1'));
  await disableVersion(door.access, { secret: id, version: 1 });
  await expect(refuseLostVersions(site, way('1'))).rejects.toMatchObject({
    code: 'SECRET_VERSION_LOST',
    why: `version 1 of ${id} is disabled`,
    fix: expect.stringContaining('`windlass secrets enable meals --to r-1 -e production`'),
  });
  await expect(refuseLostVersions(site, way('3', [id]))).rejects.toMatchObject({
    why: `version 1 of ${id} is disabled`, // though the secret would be filled anew
  });
  await refuseLostVersions(site, way('latest'));
  await door.call('POST', `${secret}/${id}/versions/1:destroy`, {});
  await expect(refuseLostVersions(site, way('1'))).rejects.toMatchObject({
    why: `version 1 of ${id} is destroyed`,
    fix: expect.stringContaining('cannot be restored'),
  });
  await refuseLostVersions(site, way('3', [id]));
  await expect(refuseLostVersions(site, way('7'))).rejects.toMatchObject({
    why: `version 7 of ${id} is gone`,
  });
});
