import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  mailServer,
  openStandIn,
  type ReadyProject,
  readyProject,
  type StandIn,
} from './stand-in.ts';

let standIn: StandIn;
let project: ReadyProject;
beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
  const site = { site_url: 'https://app.example', uri_allow_list: 'https://*.example/**' };
  await settings({ jwt_exp: 86_400, mailer_autoconfirm: false, ...site, ...mailServer });
});
afterAll(() => standIn[Symbol.asyncDispose]());

async function settings(change: object): Promise<void> {
  const answer = await standIn.api('PATCH', `/v1/projects/${project.ref}/config/auth`, change);
  expect(answer.status).toBe(200);
}
const post = (path: string, body: object) => project.door('POST', `/auth/v1${path}`, { body });
const admin = (method: string, path: string, body?: object) =>
  project.door(method, `/auth/v1/admin${path}`, { key: project.service, body });
const password = 'long-enough';
const signIn = (email: string) => post('/token?grant_type=password', { email, password });

function claims(token: unknown): { iat: number; exp: number; [name: string]: unknown } {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
}

async function confirmedUser(email: string): Promise<{ id: string; token: string }> {
  const { body } = await admin('POST', '/users', { email, password, email_confirm: true });
  const session = Object((await signIn(email)).body);
  return { id: String(Object(body).id), token: String(session.access_token) };
}

describe('sign-up with confirmation', () => {
  it('answers a user, refuses the sign-in, confirms by the link, signs in for a day', async () => {
    const email = 'ann@shop.dev';
    const signedUp = await post('/signup', { email, password });
    expect(signedUp).toMatchObject({ status: 200, body: { email } });
    expect(signedUp.body).not.toHaveProperty('access_token');
    expect(await signIn(email)).toMatchObject({
      status: 400,
      body: { code: 400, error_code: 'email_not_confirmed', msg: 'Email not confirmed' },
    });
    const link = Object(
      (await admin('POST', '/generate_link', { type: 'signup', email, password })).body,
    );
    const verified = await post('/verify', { type: 'signup', token_hash: link.hashed_token });
    expect(verified.status).toBe(200);
    const token = Object((await signIn(email)).body).access_token;
    const { iat, exp, ...rest } = claims(token);
    expect(exp - iat).toBe(86_400);
    expect(rest).toMatchObject({ aud: 'authenticated', role: 'authenticated', email });
    expect(
      (await post('/verify', { type: 'signup', token_hash: link.hashed_token })).body,
    ).toMatchObject({ error_code: 'otp_expired' });
  });

  it('redirects the link of the mail only to allowed addresses', async () => {
    const follow = async (redirect_to: string): Promise<string> => {
      const email = `${redirect_to.length}@shop.dev`;
      const wanted = { type: 'signup', email, password, redirect_to };
      const link = Object((await admin('POST', '/generate_link', wanted)).body);
      const answer = await fetch(String(link.action_link), { redirect: 'manual' });
      return answer.headers.get('location') ?? '';
    };
    expect(await follow('https://preview.example/welcome')).toMatch(
      /^https:\/\/preview\.example\/welcome#access_token=/,
    );
    expect(await follow('https://evil.test/')).toMatch(/^https:\/\/app\.example#access_token=/);
  });

  it('names weak passwords, taken addresses, closed sign-ups and wrong passwords', async () => {
    const email = 'taken@shop.dev';
    await confirmedUser(email);
    expect((await post('/signup', { email: 'w@shop.dev', password: 'abc' })).body).toMatchObject({
      code: 422,
      error_code: 'weak_password',
    });
    expect(await admin('POST', '/users', { email })).toMatchObject({
      status: 422,
      body: { error_code: 'email_exists' },
    });
    const wrong = await post('/token?grant_type=password', { email, password: 'wrong-one' });
    expect(wrong).toMatchObject({ status: 400, body: { error_code: 'invalid_credentials' } });
    await settings({ disable_signup: true });
    const closed = await post('/signup', { email: 'new@shop.dev', password });
    expect(closed).toMatchObject({ status: 422, body: { error_code: 'signup_disabled' } });
    await settings({ disable_signup: false, mailer_autoconfirm: true });
    const open = await post('/signup', { email: 'new@shop.dev', password });
    expect(open.body).toHaveProperty('access_token');
    const taken = await post('/signup', { email, password });
    expect(taken).toMatchObject({ status: 422, body: { error_code: 'user_already_exists' } });
    await settings({ mailer_autoconfirm: false });
  });
});

describe('sessions', () => {
  it('rotates refresh tokens and ends with the sign-out', async () => {
    await confirmedUser('rota@shop.dev');
    const first = Object((await signIn('rota@shop.dev')).body);
    const path = '/token?grant_type=refresh_token';
    const second = Object((await post(path, { refresh_token: first.refresh_token })).body);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const user = () => project.door('GET', '/auth/v1/user', { token: second.access_token });
    expect((await user()).status).toBe(200);
    const out = await project.door('POST', '/auth/v1/logout', { token: second.access_token });
    expect(out.status).toBe(204);
    expect(await user()).toMatchObject({ status: 403, body: { error_code: 'session_not_found' } });
    const late = await post(path, { refresh_token: second.refresh_token });
    expect(late.body).toMatchObject({ error_code: 'refresh_token_not_found' });
  });

  it('lets only the service role administer users', async () => {
    const { id, token } = await confirmedUser('plain@shop.dev');
    const asUser = await project.door('GET', '/auth/v1/admin/users', { token });
    expect(asUser).toMatchObject({ status: 403, body: { error_code: 'not_admin' } });
    expect((await admin('DELETE', `/users/${id}`)).status).toBe(200);
    expect((await admin('GET', `/users/${id}`)).body).toMatchObject({
      error_code: 'user_not_found',
    });
  });
});

describe('row level security through /rest', () => {
  it('shows anon nothing, each user the own row, the service role all', async () => {
    const [ann, ben] = [await confirmedUser('a@shop.dev'), await confirmedUser('b@shop.dev')];
    await project.sql(`
      create table public.notes (id serial, owner uuid default auth.uid() references auth.users);
      alter table notes enable row level security;
      create policy own on notes to authenticated using (owner = auth.uid());`);
    const rest = (token?: string, key?: string) =>
      project.door('GET', '/rest/v1/notes?select=owner', {
        ...(token && { token }),
        ...(key && { key }),
      });
    await expect.poll(async () => (await rest()).status).toBe(200);
    for (const { token } of [ann, ben])
      expect((await project.door('POST', '/rest/v1/notes', { token, body: {} })).status).toBe(201);
    expect((await rest()).body).toEqual([]);
    expect((await rest(ann.token)).body).toEqual([{ owner: ann.id }]);
    expect((await rest(ben.token)).body).toEqual([{ owner: ben.id }]);
    expect((await rest(undefined, project.service)).body).toHaveLength(2);
  });

  it('asks for a key that the project knows', async () => {
    expect((await fetch(`${project.url}/rest/v1/notes`)).status).toBe(401);
    expect((await project.door('GET', '/rest/v1/notes', { key: 'wrong' })).status).toBe(401);
  });

  it('exposes the schemas that `postgrest` names, even before they exist', async () => {
    const path = `/v1/projects/${project.ref}/postgrest`;
    const answer = await standIn.api('PATCH', path, { db_schema: 'public,later' });
    expect(answer).toMatchObject({ status: 200, body: { db_schema: 'public,later' } });
    await project.sql(`create schema later; grant usage on schema later to anon;
      create table later.things (id int); grant select on later.things to anon`);
    const look = async (): Promise<unknown> => {
      const headers = { apikey: project.anon, 'accept-profile': 'later' };
      return (await fetch(`${project.url}/rest/v1/things`, { headers })).json();
    };
    await expect.poll(look).toEqual([]);
  });
});

describe('the version of the API that a client asks for', () => {
  const refused = async (version?: string) => {
    const headers = {
      ...{ apikey: project.anon, 'content-type': 'application/json' },
      ...(version === undefined ? {} : { 'x-supabase-api-version': version }),
    };
    const body = JSON.stringify({ email: 'nobody@shop.dev', password });
    const url = `${project.url}/auth/v1/token?grant_type=password`;
    const answer = await fetch(url, { method: 'POST', headers, body });
    const { code } = Object(await answer.json());
    return [answer.headers.get('x-supabase-api-version'), code];
  };

  it('comes back with the answer, whose `code` is then a name', async () => {
    const named = ['2024-01-01', 'invalid_credentials'];
    expect(await refused('2024-01-01')).toEqual(named);
    expect(await refused('2025-06-30')).toEqual(named);
    for (const older of [undefined, '2023-12-31', 'newest'])
      expect(await refused(older)).toEqual([null, 400]);
  });
});
