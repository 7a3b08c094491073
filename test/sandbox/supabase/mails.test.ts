import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  mailServer,
  openStandIn,
  type ReadyProject,
  readyProject,
  type StandIn,
} from './stand-in.ts';

const owner = 'owner@sandbox.internal';
const password = 'long-enough';
let standIn: StandIn;
let project: ReadyProject;
beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
});
afterAll(() => standIn[Symbol.asyncDispose]());
beforeEach(async () => {
  await standIn.api('DELETE', '/_sandbox/mails');
  await standIn.api('DELETE', '/_sandbox/mails/account');
});

const settings = (change: object) =>
  standIn.api('PATCH', `/v1/projects/${project.ref}/config/auth`, change);
const signUp = (email: string) =>
  project.door('POST', '/auth/v1/signup', { body: { email, password } });
const Mails = z.object({
  mails: z
    .object({ to: z.string().array(), from: z.string(), subject: z.string(), body: z.string() })
    .array(),
});
const mails = async (to?: string) => {
  const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
  return Mails.parse((await standIn.api('GET', `/_sandbox/mails${query}`)).body).mails;
};
const users = async () => Object((await project.sql('select email from auth.users')).body).length;

describe('Supabase’s own mailer', () => {
  it('writes to members of the organization alone, whose labels do not matter', async () => {
    const refused = await signUp('ann@shop.dev');
    expect(refused).toMatchObject({
      status: 400,
      body: { error_code: 'email_address_not_authorized' },
    });
    expect(await users()).toBe(0);
    expect((await signUp('owner+one@sandbox.internal')).status).toBe(200);
    expect(await mails()).toMatchObject([{ from: 'noreply@mail.app.supabase.io' }]);
  });

  it('sends two mails an hour, whatever `rate_limit_email_sent` says', async () => {
    await settings({ rate_limit_email_sent: 100 });
    expect((await signUp(owner)).status).toBe(200);
    const third = await signUp('owner+two@sandbox.internal');
    expect(third).toMatchObject({
      status: 429,
      body: { error_code: 'over_email_send_rate_limit' },
    });
  });

  it('is in the way of nobody whom an admin makes', async () => {
    const body = { email: 'made@example.com', password, email_confirm: true };
    const made = await project.door('POST', '/auth/v1/admin/users', { key: project.service, body });
    expect(made.status).toBe(200);
    expect(await mails()).toEqual([]);
  });
});

describe('a mail server of one’s own', () => {
  beforeAll(async () => {
    expect((await settings(mailServer)).body).toMatchObject({ rate_limit_email_sent: 30 });
  });

  it('gets a mail with a link that confirms the address', async () => {
    expect((await signUp('bob@shop.dev')).status).toBe(200);
    const [mail] = await mails('bob@shop.dev');
    expect(mail).toMatchObject({ from: 'hello@shop.dev', subject: 'Confirm Your Signup' });
    const link = /href="([^"]+)"/.exec(mail?.body ?? '')?.[1] ?? '';
    const followed = await fetch(link, { redirect: 'manual' });
    expect(followed.headers.get('location')).toContain('#access_token=');
  });

  it('is asked for no second mail to an address within a minute', async () => {
    expect((await signUp('cal@shop.dev')).status).toBe(200);
    const again = await signUp('cal@shop.dev');
    expect(again).toMatchObject({
      status: 429,
      body: { error_code: 'over_email_send_rate_limit' },
    });
    expect(Object(again.body).msg).toMatch(
      /^For security purposes, you can only request this after \d+ seconds\.$/,
    );
    expect(await mails('cal@shop.dev')).toHaveLength(1);
  });

  it.each(['a@example.com', 'a@mail.example.org', 'a@shop.test', 'a@host.local', 'test@gmail.com'])(
    'is not asked to write to %s',
    async (email) => {
      const before = await users();
      const refused = await signUp(email);
      expect(refused).toMatchObject({ status: 400, body: { error_code: 'email_address_invalid' } });
      expect(await users()).toBe(before);
    },
  );

  it('lets in who has its password, which the API shows as a digest only', async () => {
    await standIn.api('PUT', '/_sandbox/mails/account', { user: 'shop', pass: 'right-password' });
    const shown = await settings({ smtp_user: 'shop', smtp_pass: 'wrong-password' });
    expect(Object(shown.body).smtp_pass).toMatch(/^[0-9a-f]{64}$/);
    expect(await signUp('dan@shop.dev')).toMatchObject({
      status: 500,
      body: { error_code: 'unexpected_failure', msg: 'Error sending confirmation email' },
    });
    await settings({ smtp_pass: 'right-password' });
    expect((await signUp('dan@shop.dev')).status).toBe(200);
    expect(await mails('dan@shop.dev')).toHaveLength(1);
  });

  it('uses the project’s own words', async () => {
    await settings({
      mailer_subjects_recovery: 'Passwort für {{ .Email }}',
      mailer_templates_recovery_content: 'Code {{ .Token }}',
    });
    await project.door('POST', '/auth/v1/recover', { body: { email: 'bob@shop.dev' } });
    expect(await mails('bob@shop.dev')).toMatchObject([
      { subject: 'Passwort für bob@shop.dev', body: expect.stringMatching(/^Code \d{6}$/) },
    ]);
  });

  it('that is taken away takes all its settings along', async () => {
    expect((await settings({ smtp_host: null })).body).toMatchObject({
      smtp_pass: null,
      smtp_admin_email: null,
      rate_limit_email_sent: 2,
    });
  });
});

it('a project of an older sandbox sends no mail and refuses no address', async () => {
  const { ref } = project;
  const records = standIn.world.collection('supabase-projects', z.looseObject({}));
  records.set(ref, { ...records.get(ref), sendsMail: undefined });
  expect((await signUp('old@example.com')).status).toBe(200);
  expect(await mails()).toEqual([]);
});
