import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapSupabase, observeSupabase, restoreSupabase } from '../../activities/supabase.ts';
import type { Work } from '../../activities/edge.ts';
import { planSettings } from '../../src/planning/plan-settings.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';

const deploy = {
  environment: 'production',
  actor: 'test',
  approval: 'auto',
  runId: 'run',
} as const;
const [first, second] = ['tulips-in-spring', 'asters-in-autumn'];
let clouds: TwoClouds;
let root = '';
beforeAll(async () => {
  clouds = await openTwoClouds();
  root = await mkdtemp(join(tmpdir(), 'windlass-smtp-'));
  await state(first);
  await bootstrapSupabase(deploy, work());
});
afterAll(async () => {
  await clouds.close();
  await rm(root, { recursive: true });
});

const state = (password: string) => writeFile(join(root, 'password'), password, { mode: 0o600 });

function work(): Work {
  const { environment } = clouds.site;
  const settings = { ...environment.supabase.settings, smtp_user: 'shop' };
  const supabase = { ...environment.supabase, settings, smtpPasswordFile: 'password' };
  return {
    ...clouds.work(),
    site: { ...clouds.site, root, environment: { ...environment, supabase } },
  };
}

test('a password that stands is no change, another one is, and neither is shown', async () => {
  expect(await planSettings(work().site)).toEqual([]);
  await state(second);
  const lines = await planSettings(work().site);
  expect(lines).toEqual(['smtp_pass: another one']);
});

test('the undo says that it cannot bring the earlier password back; none is kept anywhere', async () => {
  const seen = await observeSupabase(deploy, work());
  expect(seen.supabaseBefore.otherSmtpPassword).toBe(true);
  expect(JSON.stringify(seen)).not.toMatch(/smtp_pass|tulips|asters|[0-9a-f]{64}/);
  await bootstrapSupabase(deploy, work());
  expect(await planSettings(work().site)).toEqual([]);
  const { kept } = await restoreSupabase({ ...deploy, ...seen }, work());
  expect(kept?.join('\n')).toContain('password of the mail server');
});
