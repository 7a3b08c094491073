import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrillClaim } from '../../src/drills/drill-claim.ts';
import { refuseForeign } from '../../src/drills/refuse-foreign.ts';
import { refuseFormer } from '../../src/drills/refuse-former.ts';
import { thingsOf, whatIsLeft } from '../../src/drills/what-is-left.ts';
import { writeManifest } from '../../src/backups/manifest.ts';
import { bucketLabels, ensureBucket } from '../../src/gcp/buckets.ts';
import { emptyAndDeleteBucket } from '../../src/gcp/delete-bucket.ts';
import { listObjects, putOnce } from '../../src/gcp/objects.ts';
import { deleteSecret, ensureSecret } from '../../src/gcp/secret-container.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { openCloud } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';
import { openScript } from '../supabase/scripted-api.ts';
import type { ScriptedApi } from '../supabase/scripted-api.ts';

let cloud: Cloud;
let supabase: ScriptedApi;
let scratch: Site;

beforeAll(async () => {
  cloud = await openCloud();
  supabase = await openScript([{ status: 200, body: [] }]);
  const google = { url: cloud.door.url, token: async () => cloud.token };
  scratch = {
    ...(await siteAt('/nowhere', { google, supabase: supabase.access })),
    name: 'production-drill',
  };
});
afterAll(async () => {
  await supabase.close();
  await cloud[Symbol.asyncDispose]();
});

const mark = { 'windlass-drill': 'run-1' };
const claimAt = (at: string) =>
  DrillClaim.parse({ version: 1, id: 'run-1', workflow: 'drill/1', project: 'demo-prod', at });

test.each([
  ['without a label', undefined],
  ['of another drill', { 'windlass-drill': 'run-0' }],
  ['of another kind', { environment: 'production-drill' }],
])('a bucket %s stays, and every object in it', async (what, labels) => {
  const bucket = `demo-prod-${what.length}`;
  await ensureBucket(scratch.google, bucket, labels ? { labels } : {});
  await putOnce(scratch.google, { bucket, name: 'ledger/000001.json' }, Buffer.from('{}'));
  await expect(emptyAndDeleteBucket(scratch.google, bucket, mark)).rejects.toMatchObject({
    ...{ code: 'RESOURCE_FOREIGN', why: expect.stringContaining('windlass-drill=run-1') },
  });
  expect(await listObjects(scratch.google, bucket, '')).toHaveLength(1);
});

test('a bucket with the mark goes with all that it holds, and one that is gone is no error', async () => {
  await ensureBucket(scratch.google, 'demo-prod-own', { labels: mark });
  await putOnce(scratch.google, { bucket: 'demo-prod-own', name: 'x' }, Buffer.from('x'));
  await emptyAndDeleteBucket(scratch.google, 'demo-prod-own', mark);
  expect(await bucketLabels(scratch.google, 'demo-prod-own')).toBeUndefined();
  await emptyAndDeleteBucket(scratch.google, 'demo-prod-own', mark);
});

test('no bucket goes where nobody says by which label', async () => {
  await ensureBucket(scratch.google, 'demo-prod-any');
  const refused = emptyAndDeleteBucket(scratch.google, 'demo-prod-any', {});
  await expect(refused).rejects.toMatchObject({ code: 'RESOURCE_FOREIGN' });
});

const own = { 'managed-by': 'windlass', environment: 'production-drill' };
test.each([
  ['without labels', {}],
  ['of another environment', { 'managed-by': 'windlass', environment: 'production' }],
  ['that somebody else manages', { 'managed-by': 'terraform', environment: 'production-drill' }],
])('a secret %s stays', async (what, labels) => {
  const secret = `users-${what.length}`;
  await ensureSecret(scratch.google, { secret, labels });
  const deleting = deleteSecret(scratch.google, { secret, labels: own });
  await expect(deleting).rejects.toMatchObject({ code: 'RESOURCE_FOREIGN' });
  expect((await whatIsLeft(scratch)).join()).toContain(secret);
  await cloud.call('DELETE', `/v1/projects/demo-prod/secrets/${secret}`);
});

test('what was there before the claim is foreign, whatever it is labelled', async () => {
  await ensureSecret(scratch.google, { secret: 'users-old', labels: own });
  const things = (await thingsOf(scratch)).filter(({ kind }) => kind === 'secret');
  expect(things.map(({ labels }) => labels)).toEqual([own]);
  const hence = (minutes: number) => claimAt(new Date(Date.now() + minutes * 60_000).toISOString());
  expect(() => refuseForeign(scratch, hence(0), things)).not.toThrow();
  expect(() => refuseForeign(scratch, hence(20), things)).toThrow(occupied('users-old'));
  await deleteSecret(scratch.google, { secret: 'users-old', labels: own });
});

test.each([
  ['a ledger', 'ledger/000001.json', 'ledger of 1 entries'],
  ['a state', '10-foundation/default.tfstate', '1 Terraform states'],
])('%s in any bucket of the project keeps a drill out', async (what, name, said) => {
  const bucket = `somebody-${what.length}-else`;
  await ensureBucket(scratch.google, bucket);
  await putOnce(scratch.google, { bucket, name }, Buffer.from('{}'));
  const things = (await thingsOf(scratch)).filter((thing) => thing.name === bucket);
  const claim = claimAt(new Date().toISOString());
  expect(() => refuseForeign(scratch, claim, things)).toThrow(occupied(said));
});

test('a project that was the environment’s own once is no place for its drills', async () => {
  const elsewhere = { ...scratch, name: 'production', releaseBucket: 'demo-prod-vault' };
  await ensureBucket(elsewhere.google, elsewhere.releaseBucket);
  await writeManifest(elsewhere, {
    ...{ version: 1, environment: 'production', project: 'demo-prod', runId: 'r', release: 'x' },
    ...{ at: '2026-11-01T00:00:00Z', states: [], secrets: null, settings: {}, ledgerHead: null },
    database: null,
  });
  await expect(refuseFormer(elsewhere, scratch)).rejects.toMatchObject({
    ...{ code: 'DRILL_PLACE_OCCUPIED', why: expect.stringContaining('2026-11-01') },
  });
  const fresh = { environment: { ...scratch.environment, project: 'demo-prod-drill' } };
  await refuseFormer(elsewhere, fresh);
});

function occupied(why: string) {
  return expect.objectContaining({
    code: 'DRILL_PLACE_OCCUPIED',
    why: expect.stringContaining(why),
  });
}
