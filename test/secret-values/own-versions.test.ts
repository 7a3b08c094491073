import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { withdrawSecrets } from '../../activities/secrets.ts';
import type { Work } from '../../activities/edge.ts';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import { ensureVersion } from '../../src/gcp/secret-value.ts';
import { listVersions } from '../../src/gcp/secrets.ts';
import { appendToLedger } from '../../src/releases/ledger.ts';
import { retireVersions } from '../../src/secret-values/retire.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { openCloud } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';

const d = { environment: 'production', actor: 'test', approval: 'auto', runId: 'run' } as const;
const id = 'habits-database-url';
let cloud: Cloud;
let site: Site;

beforeAll(async () => {
  cloud = await openCloud();
  // Whoever asks for the database here fails: it would be to take a password away.
  const supabase = { api: 'http://127.0.0.1:1', token: async () => '', projectUrl: async () => '' };
  const google = { url: cloud.door.url, token: async () => cloud.token };
  site = await siteAt('/nowhere', { google, supabase });
  await ensureBucket(site.google, site.releaseBucket);
});
afterAll(() => cloud[Symbol.asyncDispose]());
beforeEach(async () => {
  await cloud.call('DELETE', `/v1/projects/demo-prod/secrets/${id}`);
  const body = { replication: { automatic: {} } };
  await cloud.call('POST', `/v1/projects/demo-prod/secrets?secretId=${id}`, body);
});

test('an undo disables what the run added, and no version that a person added after it', async () => {
  await add('before');
  await add('the run’s first');
  await add('the run’s second');
  await byHand('a person’s');
  const { kept } = await withdrawSecrets({ ...d, secretsBefore: { [id]: '1' } }, work());
  expect(await states()).toEqual(['ENABLED', 'DISABLED', 'DISABLED', 'ENABLED']);
  expect(kept).toEqual([`secret ${id}, version 4: not added by this run, left enabled`]);
});

test('where the run added none, nothing that came meanwhile is disabled', async () => {
  await byHand('a person’s');
  const { kept } = await withdrawSecrets({ ...d, secretsBefore: {} }, work());
  expect(await states()).toEqual(['ENABLED']);
  expect(kept).toHaveLength(1);
});

test.each(['postgres', 'meals_service', 'windlass_migrator', 'habits_service_3'])(
  'to retire an older version takes no password from %s, which its value names',
  async (role) => {
    await add(`postgresql://${role}:old@db.example:5432/postgres`);
    await add('postgresql://habits_service:new@db.example:5432/postgres');
    await appendToLedger(site, {
      ...{ at: '2026-01-01T00:00:00Z', runId: role, kind: 'deploy', actor: 'test' },
      ...{ outcome: 'succeeded', release: { id: 'r-1', object: 'o', sha256: 's' } },
      ...{ secretVersions: { [id]: '2' }, revisions: {}, traffic: {}, left: [] },
    });
    const secret = { id, service: 'habits', source: 'database' } as const;
    expect(await retireVersions(site, [secret])).toEqual([`${id}: version 1 disabled`]);
    expect(await states()).toEqual(['DISABLED', 'ENABLED']);
  },
);

async function add(value: string): Promise<void> {
  await ensureVersion(site.google, { secret: id, value, key: 'key' });
}

async function byHand(value: string): Promise<void> {
  const payload = { data: Buffer.from(value).toString('base64') };
  await cloud.call('POST', `/v1/projects/demo-prod/secrets/${id}:addVersion`, { payload });
}

/** Oldest first. */
async function states(): Promise<readonly string[]> {
  return (await listVersions(site.google, id)).map(({ state }) => state).toReversed();
}

function work(): Work {
  const { signal } = new AbortController();
  return { site, signal, leave: signal, beat: () => undefined, key: 'run/test', attempt: 1 };
}
