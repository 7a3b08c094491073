import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { tagCandidate, untagCandidate } from '../../src/gcp/candidate.ts';
import { deleteService } from '../../src/gcp/delete-service.ts';
import { grantedPermissions, impersonate } from '../../src/gcp/iam.ts';
import { lastLogLines } from '../../src/gcp/logs.ts';
import { listRevisions, readRevision, readService, readServices } from '../../src/gcp/run.ts';
import { setAllTraffic, setTraffic } from '../../src/gcp/run-traffic.ts';
import { buildImage } from '../../src/images/build.ts';
import { pushImage } from '../../src/images/push.ts';
import { openGoogle, project } from './google-door.ts';
import type { GoogleDoor } from './google-door.ts';

const place = `projects/${project}/locations/us-central1`;
const account = `run-all@${project}.iam.gserviceaccount.com`;
let door: GoogleDoor;
let folder = '';
let image = '';

const program = `
import { createServer } from 'node:http';
console.log('listening as ' + process.env.K_REVISION);
const answer = (request, response) => response.end(process.env.K_REVISION);
createServer(answer).listen(Number(process.env.PORT), '127.0.0.1');
`;

beforeAll(async () => {
  door = await openGoogle({ run: true });
  await door.call('POST', `/v1/projects/${project}/serviceAccounts`, { accountId: 'run-all' });
  await door.call('POST', `/v1/${place}/repositories?repository_id=wellness`, { format: 'DOCKER' });
  folder = await mkdtemp(join(tmpdir(), 'windlass-run-'));
  await writeFile(join(folder, 'main.mjs'), program);
  const command = [process.execPath, 'main.mjs'];
  await writeFile(join(folder, 'service.json'), JSON.stringify({ command }));
  const repository = `us-central1-docker.pkg.dev/${project}/wellness/all`;
  const built = await buildImage(folder);
  image = (await pushImage(door.access, { image: built, repository })).reference;
  await Promise.all(['habits', 'journal'].map((name) => created(name)));
}, 120_000);
afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

function template(version: string) {
  const env = [{ name: 'VERSION', value: version }];
  return {
    serviceAccount: account,
    containers: [{ image, env, ports: [{ containerPort: 8080 }] }],
  };
}

async function created(name: string): Promise<void> {
  await door.call('POST', `/v2/${place}/services?serviceId=${name}`, { template: template('1') });
  await vi.waitUntil(async () => (await readService(door.access, name))?.ready, long);
}

const long = { timeout: 60_000, interval: 100 };

/** A second revision that gets no traffic, as a release makes it. */
async function secondRevision(name: string): Promise<{ old: string; new: string }> {
  const before = await readService(door.access, name);
  const old = before?.latestReadyRevision ?? '';
  await setTraffic(door.access, { service: name, traffic: [{ revision: old, percent: 100 }] });
  await door.call('PATCH', `/v2/${place}/services/${name}?updateMask=template`, {
    template: template(`${Math.random()}`),
  });
  const latest = async () => (await readService(door.access, name))?.latestReadyRevision;
  await expect.poll(latest, long).not.toBe(old);
  return { old, new: (await latest()) ?? '' };
}

describe('a service', () => {
  test('is read with its image, account, traffic and revisions', async () => {
    const service = await readService(door.access, 'habits');
    expect(service).toMatchObject({ name: 'habits', image, serviceAccount: account, ready: true });
    expect(service?.latestReadyRevision).toBe(service?.latestCreatedRevision);
    expect(service?.latestReadyRevision).toMatch(/^habits-00001-/);
    expect(service?.trafficStatuses).toMatchObject([{ percent: 100 }]);
    const all = await readServices(door.access);
    expect(all.map(({ name }) => name)).toEqual(['habits', 'journal']);
  });

  test('that does not exist reads as nothing, and its traffic cannot be set', async () => {
    expect(await readService(door.access, 'none')).toBeUndefined();
    const traffic = [{ revision: 'LATEST', percent: 100 }];
    const setting = setTraffic(door.access, { service: 'none', traffic });
    await expect(setting).rejects.toMatchObject({ code: 'SERVICE_MISSING', class: 'undo' });
    await untagCandidate(door.access, 'none');
  });

  test('shows its revisions, and a revision its image and last log lines', async () => {
    const [revision] = await listRevisions(door.access, 'journal');
    const which = { service: 'journal', revision: revision?.name ?? '' };
    expect(await readRevision(door.access, which)).toMatchObject({ image, ready: true });
    expect(await readRevision(door.access, { ...which, revision: 'none' })).toBeUndefined();
    const lines = () => lastLogLines(door.access, { ...which, count: 5 });
    await expect.poll(lines, long).toContain(`listening as ${which.revision}`);
  });
});

describe('the permission to call a service', () => {
  test('is the owner’s, and nobody’s to whom it was not given', async () => {
    const asked = { on: { service: 'habits' }, permissions: ['run.routes.invoke'] };
    expect(await grantedPermissions(door.access, asked)).toEqual(['run.routes.invoke']);
    expect(await grantedPermissions(impersonate(door.access, account), asked)).toEqual([]);
  });
});

describe('traffic', () => {
  test('reaches a candidate by its tag only, then by promotion, and goes back at once', async () => {
    const revisions = await secondRevision('habits');
    const candidate = await tagCandidate(door.access, {
      service: 'habits',
      revision: revisions.new,
    });
    const recorded = await readService(door.access, 'habits');
    expect(recorded?.traffic).toEqual([
      { revision: revisions.old, percent: 100 },
      { revision: revisions.new, percent: 0, tag: 'candidate' },
    ]);
    expect(candidate.uri).not.toBe(recorded?.uri);
    expect(await tagCandidate(door.access, { service: 'habits', revision: revisions.new })).toEqual(
      candidate,
    );
    const promoted = await setTraffic(door.access, {
      service: 'habits',
      traffic: [{ revision: revisions.new, percent: 100 }],
    });
    expect(promoted.trafficStatuses).toMatchObject([{ revision: revisions.new, percent: 100 }]);
    const restored = await setTraffic(door.access, {
      service: 'habits',
      traffic: recorded?.traffic ?? [],
    });
    expect(restored.traffic).toEqual(recorded?.traffic);
    await untagCandidate(door.access, 'habits');
    await untagCandidate(door.access, 'habits');
    const bare = await readService(door.access, 'habits');
    expect(bare?.traffic).toEqual([{ revision: revisions.old, percent: 100 }]);
  }, 120_000);

  test('that is so already is not set again', async () => {
    const before = await readService(door.access, 'habits');
    const after = await setTraffic(door.access, {
      service: 'habits',
      traffic: before?.traffic ?? [],
    });
    expect(after.etag).toBe(before?.etag);
    expect(after.generation).toBe(before?.generation);
  });

  test('is refused for a service that changed since it was read', async () => {
    const traffic = [{ revision: 'LATEST', percent: 100, tag: 'late' }];
    const setting = setTraffic(door.access, { service: 'journal', traffic, etag: '"stale"' });
    await expect(setting).rejects.toMatchObject({ code: 'GOOGLE_STALE', class: 'retry' });
  });

  test('of all services is tried on every one, and those that refuse are named', async () => {
    const { new: latest } = await secondRevision('habits');
    door.world.faults.set('promote', { service: 'journal', times: 1 });
    const serving = (await readService(door.access, 'journal'))?.latestReadyRevision ?? '';
    const wanted = [
      { service: 'journal', traffic: [{ revision: serving, percent: 100 }] },
      { service: 'habits', traffic: [{ revision: latest, percent: 100 }] },
    ];
    const setting = setAllTraffic(door.access, wanted);
    const what = 'Traffic could not be set on journal';
    await expect(setting).rejects.toMatchObject({ code: 'TRAFFIC_NOT_SET', class: 'undo', what });
    const habits = await readService(door.access, 'habits');
    expect(habits?.traffic).toEqual([{ revision: latest, percent: 100 }]);
    const both = await setAllTraffic(door.access, wanted);
    expect(both.map(({ name }) => name)).toEqual(['journal', 'habits']);
  }, 120_000);

  test('on a revision that does not exist is refused for good', async () => {
    const traffic = [{ revision: 'habits-00099-zzz', percent: 100 }];
    const setting = setTraffic(door.access, { service: 'habits', traffic });
    await expect(setting).rejects.toMatchObject({ class: 'undo' });
  });
});

test('a service that is deleted is gone, and deleting it again is a success', async () => {
  await created('movements');
  await deleteService(door.access, 'movements');
  expect(await readService(door.access, 'movements')).toBeUndefined();
  await deleteService(door.access, 'movements');
}, 60_000);
