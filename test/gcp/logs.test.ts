import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeLog } from '../../sandbox/run/logs.ts';
import type { RevisionRecord } from '../../sandbox/run/records.ts';
import { impersonate } from '../../src/gcp/iam.ts';
import { readLogs } from '../../src/gcp/logs.ts';
import { openGoogle, project } from './google-door.ts';
import type { GoogleDoor } from './google-door.ts';

const email = `reader@${project}.iam.gserviceaccount.com`;
const both = { services: ['habits', 'journal'], count: 100, newest: true };
const long = { timeout: 60_000, interval: 100 };
let door: GoogleDoor;

beforeAll(async () => {
  door = await openGoogle({ run: true });
  await door.call('POST', `/v1/projects/${project}/serviceAccounts`, { accountId: 'reader' });
  for (const text of ['one', 'two']) for (const name of both.services) said(name, text);
  said('stranger', 'of somebody else');
  said('habits', '{"message":"three","severity":"ERROR"}');
}, 120_000);
afterAll(() => door.close(), 60_000);

/** A line in the log of a service's first revision. */
function said(name: string, text: string): void {
  const service = `projects/${project}/locations/us-central1/services/${name}`;
  const at = new Date().toISOString();
  const record: RevisionRecord = {
    ...{ name: `${service}/revisions/${name}-00001-abc`, service, uid: '1', generation: 1 },
    ...{ createTime: at, updateTime: at, creator: '', template: {}, labels: {} },
    state: { phase: 'ready', at },
  };
  writeLog(door.world, record, 'stdout', { text });
}

test('the lines of several services are read at once, and nobody else’s', async () => {
  const lines = await readLogs(door.access, both);
  expect(lines.map(({ service, text }) => `${service} ${text}`).toSorted()).toEqual([
    'habits one',
    'habits three',
    'habits two',
    'journal one',
    'journal two',
  ]);
  expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
  const error = { severity: 'ERROR', revision: 'habits-00001-abc' };
  expect(lines.find(({ text }) => text === 'three')).toMatchObject(error);
});

test('the newest lines are asked for, or the oldest, and they come oldest first', async () => {
  const all = await readLogs(door.access, both);
  const times = all.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
  expect(await readLogs(door.access, { ...both, count: 1 })).toEqual(all.slice(-1));
  expect(await readLogs(door.access, { ...both, count: 1, newest: false })).toEqual(
    all.slice(0, 1),
  );
});

test('nothing of before the moment that is asked for is read', async () => {
  const since = (ms: number) => ({ ...both, since: new Date(Date.now() + ms).toISOString() });
  expect(await readLogs(door.access, since(-3_600_000))).toHaveLength(5);
  expect(await readLogs(door.access, since(3_600_000))).toEqual([]);
});

test('a log is for those alone who may list its entries', async () => {
  const reader = impersonate(door.access, email);
  await expect(readLogs(reader, both)).rejects.toMatchObject({ code: 'GOOGLE_DENIED' });
  const binding = { role: 'roles/logging.viewer', members: [`serviceAccount:${email}`] };
  const policy = { bindings: [binding] };
  await door.call('POST', `/v1/projects/${project}:setIamPolicy`, { policy });
  const seen = await vi.waitFor(() => readLogs(reader, both), long);
  expect(seen).toHaveLength(5);
});
