import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { signJwt } from '../../../sandbox/supabase/jwt.ts';
import { openStandIn, type ReadyProject, readyProject, type StandIn } from './stand-in.ts';

const password = 'long-enough';
let standIn: StandIn;
let project: ReadyProject;
beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
  await project.sql(`create table public.notes (id int); alter table notes enable row level security;
    create policy own on notes to authenticated using (auth.uid() is not null);
    insert into notes values (1)`);
});
afterAll(() => standIn[Symbol.asyncDispose]());

const Jwk = z.object({
  kty: z.string(),
  crv: z.string(),
  x: z.string(),
  y: z.string(),
  kid: z.string(),
});
const publicKeys = async () => {
  const answer = await fetch(`${project.url}/auth/v1/.well-known/jwks.json`);
  return z.object({ keys: Jwk.array() }).parse(await answer.json()).keys;
};

async function userToken(name: string): Promise<string> {
  const person = { email: `${name}@shop.dev`, password };
  const body = { ...person, email_confirm: true };
  await project.door('POST', '/auth/v1/admin/users', { key: project.service, body });
  const path = '/auth/v1/token?grant_type=password';
  const session = await project.door('POST', path, { body: person });
  return z.object({ access_token: z.string() }).parse(session.body).access_token;
}
const rest = async (token: string) =>
  (await project.door('GET', '/rest/v1/notes?select=id', { token })).status;
const user = async (token: string) =>
  (await project.door('GET', '/auth/v1/user', { token })).status;

describe('a new project', () => {
  it('signs by ES256, and shows the key to check by to everybody', async () => {
    const token = await userToken('ann');
    const [head = '', payload = '', signature = ''] = token.split('.');
    const [key] = await publicKeys();
    const header: unknown = JSON.parse(Buffer.from(head, 'base64url').toString());
    expect(header).toEqual({ alg: 'ES256', kid: key?.kid, typ: 'JWT' });
    const checked = verify(
      'sha256',
      Buffer.from(`${head}.${payload}`),
      { key: createPublicKey({ key: { ...key }, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    expect(checked).toBe(true);
    await expect.poll(() => rest(token)).toBe(200);
    expect(await user(token)).toBe(200);
  });

  it('takes no token that another key or a shared secret has signed', async () => {
    const claims = { sub: 'x', role: 'service_role', exp: Math.floor(Date.now() / 1000) + 60 };
    const record = z
      .object({ jwtSecret: z.string() })
      .parse(standIn.world.collection('supabase-projects', z.unknown()).get(project.ref));
    const [key] = await publicKeys();
    const [, payload = ''] = signJwt(claims, 'x').split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const mixed = signJwt(claims, JSON.stringify(key)); // the public key as a secret
    for (const token of [signJwt(claims, record.jwtSecret), none, mixed]) {
      expect(await rest(token)).toBe(401);
      expect(await user(token)).toBe(403);
    }
  });

  it('shows its key to its owners, and no shared secret', async () => {
    const path = `/v1/projects/${project.ref}`;
    const [key] = await publicKeys();
    expect((await standIn.api('GET', `${path}/config/auth/signing-keys`)).body).toMatchObject({
      keys: [{ id: key?.kid, algorithm: 'ES256', status: 'in_use' }],
    });
    expect((await standIn.api('GET', `${path}/postgrest`)).body).not.toHaveProperty('jwt_secret');
  });
});

it('a project of an older sandbox goes on with its shared secret and its legacy keys', async () => {
  await using older = await openStandIn();
  const made = await readyProject(older.api);
  const records = older.world.collection('supabase-projects', z.looseObject({}));
  const { signingKey: _key, legacyKeys: _legacy, ...record } = records.get(made.ref) ?? {};
  records.set(made.ref, { ...record, apiKeys: [] });
  await older.api('PATCH', `/v1/projects/${made.ref}/postgrest`, {});
  const Shown = z.object({ name: z.string(), api_key: z.string() }).array();
  const shown = Shown.parse((await older.api('GET', `/v1/projects/${made.ref}/api-keys`)).body);
  expect(shown.map(({ name }) => name)).toEqual(['anon', 'service_role']);
  const service = shown[1]?.api_key ?? '';
  const person = { email: 'ben@example.com', password };
  const body = { ...person, email_confirm: true };
  await made.door('POST', '/auth/v1/admin/users', { key: service, token: service, body });
  const path = '/auth/v1/token?grant_type=password';
  const session = await made.door('POST', path, { key: service, body: person });
  const { access_token: token } = z.object({ access_token: z.string() }).parse(session.body);
  expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toEqual({
    alg: 'HS256',
    typ: 'JWT',
  });
  const own = async () => (await made.door('GET', '/auth/v1/user', { key: service, token })).status;
  expect(await own()).toBe(200);
});
