import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailServer, openStandIn, type ReadyProject, readyProject } from './stand-in.ts';
import type { StandIn } from './stand-in.ts';

const password = 'long-enough';
let standIn: StandIn;
let project: ReadyProject;
beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
  await project.sql(`create table public.notes (id serial, owner uuid default auth.uid());
    alter table notes enable row level security;
    create policy own on notes to authenticated using (owner = auth.uid())`);
});
afterAll(() => standIn[Symbol.asyncDispose]());

const client = (key: string) =>
  createClient(project.url, key, { auth: { persistSession: false, autoRefreshToken: false } });
const settings = (change: object) =>
  standIn.api('PATCH', `/v1/projects/${project.ref}/config/auth`, change);

async function signedIn(email: string) {
  const made = await client(project.service).auth.admin.createUser({
    ...{ email, password, email_confirm: true },
  });
  expect(made.error).toBeNull();
  const own = client(project.anon);
  const { data, error } = await own.auth.signInWithPassword({ email, password });
  expect(error).toBeNull();
  return { own, token: data.session?.access_token ?? '', id: data.user?.id };
}

describe('Supabase’s own client, with keys of the newer kind', () => {
  it('signs in, reads and writes its own rows, and checks its token by the public key', async () => {
    const [ann, ben] = [await signedIn('ann@shop.dev'), await signedIn('ben@shop.dev')];
    await expect.poll(async () => (await ann.own.from('notes').select()).error).toBeNull();
    expect((await ann.own.from('notes').insert({})).error).toBeNull();
    expect((await ann.own.from('notes').select('owner')).data).toEqual([{ owner: ann.id }]);
    expect((await ben.own.from('notes').select('owner')).data).toEqual([]);
    expect((await client(project.anon).from('notes').select()).data).toEqual([]);
    expect((await client(project.service).from('notes').select()).data).toHaveLength(1);
    const { data, error } = await ann.own.auth.getClaims(ann.token);
    expect(error).toBeNull();
    expect(data).toMatchObject({ claims: { sub: ann.id }, header: { alg: 'ES256' } });
  });

  it('is told the code of an error, of Auth and of the Data API', async () => {
    const anon = client(project.anon);
    const wrong = await anon.auth.signInWithPassword({ email: 'nobody@shop.dev', password });
    expect(wrong.error).toMatchObject({ status: 400, code: 'invalid_credentials' });
    const { error } = await anon.auth.admin.listUsers();
    expect(error).toMatchObject({ status: 403, code: 'not_admin' });
    expect((await anon.from('gone').select()).error?.code).toMatch(/^(PGRST|42)/);
  });

  it('is told why a mail does not go out', async () => {
    const auth = client(project.anon).auth;
    const code = async (email: string) => (await auth.signUp({ email, password })).error?.code;
    expect(await code('cal@shop.dev')).toBe('email_address_not_authorized');
    await settings(mailServer);
    expect(await code('cal@example.com')).toBe('email_address_invalid');
    expect(await code('cal@shop.dev')).toBeUndefined();
    expect(await code('cal@shop.dev')).toBe('over_email_send_rate_limit');
  });
});
