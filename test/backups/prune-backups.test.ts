import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listBackups } from '../../src/backups/list-backups.ts';
import { backupFolder, writeManifest } from '../../src/backups/manifest.ts';
import type { BackupManifest } from '../../src/backups/manifest.ts';
import { pruneBackups } from '../../src/backups/prune-backups.ts';
import { listObjects, putOnce } from '../../src/gcp/objects.ts';
import { sha256 } from '../../src/releases/archive.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { openCloud } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';

let cloud: Cloud;
let site: Site;
let home: string;

const dayMs = 24 * 60 * 60_000;
const days = Array.from({ length: 56 }, (_none, back) =>
  new Date(Date.parse('2026-11-24T03:00:00Z') - back * dayMs).toISOString(),
);

beforeAll(async () => {
  cloud = await openCloud();
  home = await mkdtemp(join(tmpdir(), 'windlass-prune-'));
  await cloud.call('POST', '/storage/v1/b?project=demo-prod', { name: 'demo-prod-releases' });
  const supabase = { api: '', token: async () => '', projectUrl: async () => '' };
  const google = { url: cloud.door.url, token: async () => cloud.token };
  site = await siteAt(home, { google, supabase });
  // A set a day for eight weeks, the release changed on the first of October; two on the last day.
  for (const at of days) await makeSet(at, at < '2026-10-01' ? 'r-before' : 'r-now');
  await makeSet('2026-11-24T01:00:00.000Z', 'r-now');
});

afterAll(async () => {
  await cloud[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

test('a newest set that no restore has proven lets nothing of its day go', async () => {
  await makeSet('2026-11-24T09:00:00.000Z', 'r-now', { proven: false });
  await pruneBackups(site);
  expect(await kept()).toEqual([
    '2026-09-30T03', // the newest of the release before
    '2026-11-08T03', // Sundays: the newest of each of the last four weeks
    '2026-11-15T03',
    '2026-11-18T03', // the last seven days
    '2026-11-19T03',
    '2026-11-20T03',
    '2026-11-21T03',
    '2026-11-22T03',
    '2026-11-23T03',
    '2026-11-24T03',
    '2026-11-24T09', // not proven, and nothing newer is
  ]);
});

test('nothing of a set that went is left in the bucket, and every part of the others is', async () => {
  const objects = await listObjects(site.google, site.releaseBucket, 'backups/');
  const parts = (await kept()).length * 2;
  expect(objects).toHaveLength(parts);
});

test('pruning again lets nothing go', async () => {
  expect(await pruneBackups(site)).toEqual([]);
});

test('once a newer set is proven, the unproven one goes', async () => {
  await makeSet('2026-11-24T12:00:00.000Z', 'r-now');
  const gone = await pruneBackups(site);
  expect(gone.toSorted()).toEqual(['2026-11-24T03', '2026-11-24T09']);
});

test('a set of another environment or project stays, however old', async () => {
  await makeSet('2020-01-01T03:00:00.000Z', 'r-else', { environment: 'staging' });
  await makeSet('2020-01-02T03:00:00.000Z', 'r-else2', { project: 'demo-former' });
  expect(await pruneBackups(site)).toEqual([]);
  expect(await kept()).toEqual(expect.arrayContaining(['2020-01-01T03', '2020-01-02T03']));
});

test('a manifest that names the set of another run takes nothing away', async () => {
  const before = await kept();
  const manifest = { ...about('2020-02-01T03:00:00.000Z', 'r-now'), runId: before.at(-1) ?? '' };
  const ref = { bucket: site.releaseBucket, name: 'backups/planted/manifest.json' };
  await putOnce(site.google, ref, Buffer.from(JSON.stringify(manifest)));
  expect(await pruneBackups(site)).toEqual([]);
  const objects = await listObjects(site.google, site.releaseBucket, 'backups/');
  expect(objects.map(({ name }) => name)).toContain(
    `${backupFolder(before.at(-1) ?? '')}/database.dump.sealed`,
  );
});

test('what lies beside a set that goes, or is named outside its folder, stays', async () => {
  const at = '2020-03-01T03:00:00.000Z';
  const notes = { bucket: site.releaseBucket, name: 'backups/2020-03-01T03/notes.txt' };
  const ledger = { bucket: site.releaseBucket, name: 'ledger/000001.json' };
  for (const ref of [notes, ledger]) await putOnce(site.google, ref, Buffer.from('mine'));
  await makeSet(at, 'r-now', { object: ledger.name });
  expect(await pruneBackups(site)).toEqual(['2020-03-01T03']);
  const objects = await listObjects(site.google, site.releaseBucket, '');
  const names = objects.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([notes.name, ledger.name]));
  expect(names).not.toContain('backups/2020-03-01T03/manifest.json');
});

async function kept(): Promise<readonly string[]> {
  return (await listBackups(site)).map(({ manifest }) => manifest.runId).sort();
}

interface Set {
  readonly proven?: boolean;
  readonly environment?: string;
  readonly project?: string;
  /** Where the manifest says that the dump lies. */
  readonly object?: string;
}

async function makeSet(at: string, release: string, set: Set = {}): Promise<void> {
  const content = Buffer.from(`dump of ${at}`);
  const name = `${backupFolder(at.slice(0, 13))}/database.dump.sealed`;
  if (!set.object) await putOnce(site.google, { bucket: site.releaseBucket, name }, content);
  await writeManifest(site, about(at, release, set));
}

function about(at: string, release: string, set: Set = {}): BackupManifest {
  const { proven = true, environment = 'production', project = 'demo-prod' } = set;
  const runId = at.slice(0, 13);
  const object = set.object ?? `${backupFolder(runId)}/database.dump.sealed`;
  const content = Buffer.from(`dump of ${at}`);
  const dump = { object, sha256: sha256(content), bytes: content.length, keyId: 'k' };
  return {
    ...{ version: 1, environment, project, runId, at, release },
    ...{ states: [], secrets: null, settings: {}, ledgerHead: null },
    database: proven ? { ...dump, fingerprint: 'f', revisions: {} } : null,
  };
}
