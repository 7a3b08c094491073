import { afterAll, beforeAll, expect, test } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireRoom } from '../../src/backups/room-for-trial.ts';
import { freeDisk } from '../../src/supabase/disk.ts';
import { siteAt } from '../environments/site.ts';
import { openStandIn, readyProject } from '../sandbox/supabase/stand-in.ts';
import type { ReadyProject, StandIn } from '../sandbox/supabase/stand-in.ts';

let standIn: StandIn;
let project: ReadyProject;
let home: string;

beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
  home = await mkdtemp(join(tmpdir(), 'windlass-disk-'));
});
afterAll(async () => {
  await standIn[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

async function site() {
  const api = standIn.supabase.managementUrl;
  const supabase = { api, token: async () => standIn.supabase.token, projectUrl: async () => '' };
  return siteAt(home, { supabase, google: { url: '', token: async () => '' } });
}

const login = () => ({
  ...project.db,
  user: 'postgres',
  password: 'owner-password',
  database: 'postgres',
});

test('a disk with room lets a trial restore begin', async () => {
  expect(await requireRoom(await site(), login())).toEqual([]);
});

test('a disk without room for 1.3 times the database refuses it before anything is copied', async () => {
  const full = { fs_avail_bytes: 3_000_000 };
  await standIn.api('PUT', `/_sandbox/projects/${project.ref}/disk`, full);
  await expect(requireRoom(await site(), login())).rejects.toMatchObject({
    code: 'DISK_TOO_FULL',
    class: 'undo',
    why: expect.stringContaining('2 MiB are free'),
  });
  await standIn.api('PUT', `/_sandbox/projects/${project.ref}/disk`, { fs_avail_bytes: null });
});

test('where Supabase does not tell, nobody claims to know', async () => {
  const { supabase } = await site();
  expect(await freeDisk(supabase, 'abcdefghijklmnopqrst')).toBeUndefined();
});
