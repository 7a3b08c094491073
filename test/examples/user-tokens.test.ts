import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseServices } from './names.ts';
import { startService } from './services.ts';
import { recorder, token, unsigned } from './stubs.ts';
import { adminUserToken, type SampleWorld, sampleWorld, tokenOfYesterday } from './world.ts';
import { userToken } from './world.ts';

let world: SampleWorld;

beforeAll(async () => {
  world = await sampleWorld();
});

afterAll(() => world.stop());

const own = new Map([
  ['agent', '/suggestions'],
  ['journal', '/entries'],
  ['users', '/me'],
]);

test.each(databaseServices)('%s itself takes no token that it cannot check', async (service) => {
  const path = own.get(service) ?? `/${service}`;
  const look = async (who: string) => {
    const headers = { 'x-user-token': who };
    return (await fetch(`${world.running.get(service)?.url}${path}`, { headers })).status;
  };
  const claims = { sub: randomUUID(), role: 'service_role' };
  const forged = [`${unsigned({ alg: 'none' }, claims)}.`, token(claims, 'x'.repeat(32)), 'none'];
  for (const one of [...forged, tokenOfYesterday()]) expect(await look(one)).toBe(401);
  expect(await look(userToken())).toBe(200);
});

test('an admin is whom Auth calls one, in what a user cannot write', async () => {
  const url = `${world.running.get('users')?.url}/vouchers/made-by-an-admin-user`;
  const call = async (method: string, who: string) =>
    (await fetch(url, { method, headers: { 'x-user-token': who } })).status;
  expect(await call('PUT', adminUserToken())).toBe(201);
  expect(await call('DELETE', userToken())).toBe(404);
  expect(await call('DELETE', adminUserToken())).toBe(200);
});

test('of an older project the shared secret counts, or Auth’s own word', async () => {
  const { folder, urlOf } = world.database;
  const auth = await recorder();
  const supabase = JSON.stringify({ url: auth.url, anon_key: 'anon' });
  const secrets = { 'database-url': urlOf('meals_service'), supabase };
  const meals = await startService('meals', { folder, secrets });
  const who = token({ sub: randomUUID(), role: 'authenticated' }, 'k'.repeat(40));
  const answer = await fetch(`${meals.url}/meals`, { headers: { 'x-user-token': who } });
  await meals.process.stop();
  await auth.stop();
  expect(answer.status).toBe(200);
  expect(auth.seen).toMatchObject([
    { path: '/auth/v1/user', headers: { apikey: 'anon', authorization: `Bearer ${who}` } },
  ]);
});

test.each([
  ['no token', undefined],
  ['a token of another signer', token({ sub: randomUUID(), role: 'service_role' }, 'x'.repeat(32))],
  ['a token that nobody has signed', `${unsigned({ alg: 'none' }, { sub: randomUUID() })}.`],
  ['a token that has run out', tokenOfYesterday()],
])('%s opens nothing', async (_, signedIn) => {
  const { errors } = await world.ask('{ journal { body } }', signedIn);
  expect(errors?.[0]).toMatchObject({ message: 'sign in first', extensions: { status: 401 } });
});

test('the gateway calls as itself and passes the user on', async () => {
  const backend = await recorder();
  const supabase = JSON.stringify({ jwt_secret: 'k'.repeat(40) });
  const env = { GCE_METADATA_HOST: world.metadata.host, AGENT_URL: backend.url };
  const gateway = await startService('gateway', {
    folder: world.database.folder,
    secrets: { supabase },
    env,
  });
  const user = token({ sub: randomUUID() }, 'k'.repeat(40));
  await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${user}` },
    body: JSON.stringify({ query: '{ suggestions { id } }' }),
  });
  await gateway.process.stop();
  await backend.stop();
  const [seen] = backend.seen;
  expect(seen?.headers['x-user-token']).toBe(user);
  const identity = seen?.headers.authorization?.split('.')[1] ?? '';
  expect(JSON.parse(Buffer.from(identity, 'base64url').toString())).toMatchObject({
    aud: backend.url,
  });
});
