import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { drillName } from '../../src/drills/drill-site.ts';
import { whatIsLeft } from '../../src/drills/what-is-left.ts';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import { emptyAndDeleteBucket } from '../../src/gcp/delete-bucket.ts';
import { listObjects, putOnce, readObject } from '../../src/gcp/objects.ts';
import type { Site } from '../../src/site.ts';
import { callSupabase } from '../../src/supabase/client.ts';
import { createProject } from '../../src/supabase/project.ts';
import { readLedger, appendToLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig();
});

afterAll(async () => {
  await rig.close();
});

it('cannot be pointed at production, by any command that reads windlass.yaml', async () => {
  const before = (await rig.fingerprint()).lines;
  await drillInto('wellness-production');
  for (const command of [['drill'], ['schedule', 'drills'], ['status'], ['plan']]) {
    const ended = await rig.windlass(...command, '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(2);
    expect(ended.all).toContain('environments.production.drillProject');
    expect(ended.all).toContain("is 'wellness-production'");
  }
  await drillInto(undefined);
  expect((await rig.fingerprint()).lines).toEqual(before);
});

it('has nothing to prove before there is a backup with data', async () => {
  const ended = await rig.windlass('drill', '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(3);
  expect(ended.all).toContain('NO_BACKUP_TO_DRILL');
});

it('recovers the newest backup elsewhere, measures it, and leaves nothing but a ledger entry', async () => {
  const backedUp = await rig.windlass('backup', '-e', 'production');
  expect(backedUp.exitCode, backedUp.all).toBe(0);
  const before = (await rig.fingerprint()).sha256;
  const began = Date.now();
  const ended = await rig.windlass('drill', '-e', 'production', '--json');
  expect(ended.exitCode, ended.all).toBe(0);
  const result = Result.parse(JSON.parse(ended.stdout));
  const wholeSeconds = (Date.now() - began) / 1000;
  expect(result).toMatchObject({ proven: true, left: [] });
  expect(result.rtoSeconds).toBeGreaterThan(0);
  expect(result.rtoSeconds).toBeLessThan(wholeSeconds);
  expect(backedUp.stdout).toContain(result.backup);
  expect(await whatIsLeft(await rig.site(drillName('production')))).toEqual([]);
  expect((await rig.fingerprint()).sha256).toBe(before);
  const newest = (await readLedger(await rig.site())).at(-1);
  expect(newest).toMatchObject({ kind: 'drill', outcome: 'proven', drill: result });
});

it('touches nothing of a project that belongs to another windlass.yaml', async () => {
  const before = (await rig.fingerprint()).lines;
  const yaml = await readFile(join(rig.root, 'windlass.yaml'), 'utf8');
  // As another checkout would have it: its production is somewhere else, its drills go into ours.
  await rig.edit('windlass.yaml', 'project: wellness-production', 'project: other-production');
  await drillInto('wellness-production');
  await rig.windlass('sandbox', 'up');
  await copyBackups('wellness-production-releases', 'other-production-releases');
  const ended = await rig.windlass('drill', '-e', 'production');
  await writeFile(join(rig.root, 'windlass.yaml'), yaml);
  expect(ended.exitCode, ended.all).toBe(3);
  expect(ended.all).toContain('DRILL_PLACE_OCCUPIED');
  expect(ended.all).toMatch(/bucket wellness-production-releases \(an environment's ledger of \d+/);
  expect(ended.all).toMatch(/service gateway of production/);
  expect(ended.all).toMatch(/secret users-supabase of production/);
  expect((await rig.fingerprint()).lines).toEqual(before);
});

it.each([
  ['a bucket without the mark', makeBucket, /bucket well-scratch-state/],
  [
    'a Supabase project that it did not make',
    makeProject,
    /Supabase project wellness-prod.*-drill/,
  ],
])('touches nothing where there is %s', async (_what, make, named) => {
  await drillInto('well-scratch');
  await rig.windlass('sandbox', 'up');
  const remove = await make(await rig.site(drillName('production')));
  const ended = await rig.windlass('drill', '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(3);
  expect(ended.all).toContain('DRILL_PLACE_OCCUPIED');
  expect(ended.all).toMatch(named);
  expect(await whatIsLeft(await rig.site(drillName('production')))).toHaveLength(1);
  await remove();
  await drillInto(undefined);
});

it('is told of by a deploy when it is a week old, and asked for after a month', async () => {
  await proveDaysAgo(8);
  const warned = await rig.windlass('deploy', '-e', 'production');
  expect(warned.exitCode, warned.all).toBe(0);
  expect(warned.all).toContain('the last proven restore is 8 days old');
  await proveDaysAgo(31);
  const refused = await rig.windlass('deploy', '-e', 'production');
  expect(refused.exitCode, refused.all).toBe(3);
  expect(refused.all).toContain('DRILL_OVERDUE');
  expect(refused.all).toContain('bin/windlass drill -e production');
});

async function drillInto(project: string | undefined): Promise<void> {
  const file = join(rig.root, 'windlass.yaml');
  const yaml = parseDocument(await readFile(file, 'utf8'));
  const key = ['environments', 'production', 'drillProject'];
  if (project === undefined) yaml.deleteIn(key);
  else yaml.setIn(key, project);
  await writeFile(file, String(yaml));
}

async function copyBackups(from: string, to: string): Promise<void> {
  const { google } = await rig.site();
  const other = { ...google, project: to.replace(/-releases$/, '') };
  await ensureBucket(other, to);
  for (const prefix of ['backups/', 'releases/'])
    for (const { name } of await listObjects(google, from, prefix)) {
      const content = await readObject(google, { bucket: from, name });
      // A manifest says which project it is of: that alone would refuse the drill.
      const ofOther = name.endsWith('manifest.json')
        ? Buffer.from(String(content).replaceAll(from.replace(/-releases$/, ''), other.project))
        : content;
      if (ofOther) await putOnce(other, { bucket: to, name }, ofOther);
    }
}

async function makeBucket(scratch: Site): Promise<() => Promise<void>> {
  await ensureBucket(scratch.google, scratch.stateBucket, { labels: { made: 'by-hand' } });
  return () => emptyAndDeleteBucket(scratch.google, scratch.stateBucket, { made: 'by-hand' });
}

async function makeProject({ supabase, environment }: Site): Promise<() => Promise<void>> {
  const { organization, project: name, region } = environment.supabase;
  const wanted = { name, organization, region, password: 'not-a-secret-of-anybody' };
  const project = await createProject(supabase, wanted);
  const path = `/projects/${project.ref}`;
  const call = { action: 'delete it', method: 'DELETE', path, answer: z.unknown() } as const;
  return async () => void (await callSupabase(supabase, call));
}

const Result = z.object({
  backup: z.string(),
  rpoSeconds: z.number(),
  rtoSeconds: z.number(),
  proven: z.boolean(),
  left: z.array(z.string()),
});

/** An entry as a drill of that day would have written it; the newest one counts. */
async function proveDaysAgo(days: number): Promise<void> {
  const at = new Date(Date.now() - days * 24 * 60 * 60_000).toISOString();
  const drill = { backup: 'b', rpoSeconds: 1, rtoSeconds: 1, proven: true, left: [] };
  await appendToLedger(await rig.site(), {
    ...{ at, runId: `drill-${days}`, kind: 'drill', actor: 'rig', outcome: 'proven', drill },
    ...{ secretVersions: {}, revisions: {}, traffic: {}, left: [] },
  });
}
