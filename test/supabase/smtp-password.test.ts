import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Environment } from '../../src/config/environment.ts';
import { setSmtpPassword, smtpPasswordDiffers } from '../../src/supabase/smtp-password.ts';
import type { SupabaseAccess } from '../../src/supabase/access.ts';
import { smtpPassword } from '../../src/smtp-password.ts';
import { knownForms } from '../../src/redaction/known.ts';
import {
  openStandIn,
  readyProject,
  type ReadyProject,
  type StandIn,
} from '../sandbox/supabase/stand-in.ts';

let standIn: StandIn;
let project: ReadyProject;
let access: SupabaseAccess;
beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
  const { managementUrl: api, token } = standIn.supabase;
  access = { api, token: async () => token, projectUrl: async () => project.url };
});
afterAll(() => standIn[Symbol.asyncDispose]());

test('a password is set once, and again only where it is another one', async () => {
  const stated = { ref: project.ref, password: 'tulips-in-spring' };
  expect(await smtpPasswordDiffers(access, stated)).toBe(true);
  expect(await setSmtpPassword(access, stated)).toBe(true);
  expect(await setSmtpPassword(access, stated)).toBe(false);
  expect(await smtpPasswordDiffers(access, { ...stated, password: 'roses' })).toBe(true);
  expect(await smtpPasswordDiffers(access, { ...stated, password: undefined })).toBe(false);
});

test('the password comes out of its file, and is known as a secret from then on', async () => {
  const root = await mkdtemp(join(tmpdir(), 'windlass-smtp-'));
  await writeFile(join(root, 'password'), 'a-password-in-a-file\n', { mode: 0o600 });
  const site = (smtpPasswordFile?: string) => siteAt(root, smtpPasswordFile);
  expect(await smtpPassword(site('password'))).toBe('a-password-in-a-file');
  expect(knownForms()).toContain('a-password-in-a-file');
  expect(await smtpPassword(site())).toBeUndefined();
  await expect(smtpPassword(site('gone'))).rejects.toMatchObject({ code: 'SMTP_PASSWORD_MISSING' });
  await rm(root, { recursive: true });
});

function siteAt(root: string, smtpPasswordFile?: string) {
  const environment = Environment.parse({
    project: 'shop-production',
    supabase: { organization: 'shop', project: 'shop', settings, smtpPasswordFile },
  });
  return { root, environment };
}

const settings = {
  jwt_exp: 3600,
  mailer_autoconfirm: false,
  site_url: 'https://shop.dev',
  uri_allow_list: '',
};
