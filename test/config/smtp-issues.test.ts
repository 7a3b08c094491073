import { expect, test } from 'vitest';
import { smtpIssues } from '../../src/config/smtp-issues.ts';

const settings = {
  jwt_exp: 3600,
  mailer_autoconfirm: false,
  site_url: 'https://shop.dev',
  uri_allow_list: '',
};
const whole = {
  smtp_host: 'smtp.shop.dev',
  smtp_port: 587,
  smtp_admin_email: 'hello@shop.dev',
  smtp_sender_name: 'Shop',
};
const issues = (stated: object, smtpPasswordFile?: string) =>
  smtpIssues({
    environments: { one: { supabase: { settings: { ...settings, ...stated }, smtpPasswordFile } } },
  }).map(({ path }) => path.join('.'));

test('a mail server is stated as a whole or not at all', () => {
  expect(issues({})).toEqual([]);
  expect(issues(whole)).toEqual([]);
  expect(issues({ smtp_host: 'smtp.shop.dev', smtp_port: 587 })).toEqual([
    'environments.one.supabase.settings.smtp_admin_email',
    'environments.one.supabase.settings.smtp_sender_name',
  ]);
});

test('a password needs the user that it belongs to', () => {
  expect(issues({ ...whole, smtp_user: 'shop' }, 'smtp-password')).toEqual([]);
  expect(issues(whole, 'smtp-password')).toEqual(['environments.one.supabase.settings.smtp_user']);
});
