import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { endSessions } from './database.ts';
import { databaseServices } from './names.ts';
import { startService } from './services.ts';
import { adminToken, type SampleWorld, sampleWorld, userToken } from './world.ts';

let world: SampleWorld;

beforeAll(async () => {
  world = await sampleWorld();
});

afterAll(() => world.stop());

test.each(databaseServices)('%s says who it is and what it can reach', async (service) => {
  const { status, body } = await get(service, '/readyz');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    service,
    revision: `${service}-00001-abc`,
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    secrets: expect.arrayContaining(['database-url']),
    database: { role: `${service}_service`, schema: service, revision: `${service}_0003` },
  });
});

test('the gateway tells the health of all seven without a sign-in', async () => {
  const { data } = await world.ask('{ health { service ok schemaRevision problem } }');
  expect(data?.['health']).toEqual(
    databaseServices.map((service) => ({
      service,
      ok: true,
      schemaRevision: `${service}_0003`,
      problem: null,
    })),
  );
});

test.each([
  ['journal { body mood }', 'addJournalEntry(body: "rain", mood: "calm") { body mood }'],
  ['habits { name days }', 'addHabit(name: "tea") { name days }'],
  ['meals { name kcal }', 'addMeal(name: "soup", kcal: 300) { name kcal }'],
  ['movements { kind minutes }', 'addMovement(kind: "walk", minutes: 20) { kind minutes }'],
  ['practices { name minutes }', 'addPractice(name: "sit", minutes: 5) { name minutes }'],
  ['suggestions { sentence model }', 'suggest { sentence model }'],
])('%s: the user sees what was added, another user does not', async (list, add) => {
  const [mine, other] = [userToken(), userToken()];
  const name = list.split(' ')[0] ?? '';
  const added = await world.ask(`mutation { made: ${add} }`, mine);
  expect(added.errors).toBeUndefined();
  expect((await world.ask(`{ ${list} }`, mine)).data?.[name]).toEqual([added.data?.['made']]);
  expect((await world.ask(`{ ${list} }`, other)).data?.[name]).toEqual([]);
});

test('a habit is checked once a day, and only by its owner', async () => {
  const mine = userToken();
  const { data } = await world.ask('mutation { addHabit(name: "run") { id } }', mine);
  const { id } = z.object({ id: z.string() }).parse(data?.['addHabit']);
  const check = `mutation { checkHabit(id: "${id}") }`;
  await world.ask(check, mine);
  expect((await world.ask(check, mine)).data).toEqual({ checkHabit: true });
  expect((await world.ask('{ habits { days } }', mine)).data?.['habits']).toEqual([{ days: 1 }]);
  const { errors } = await world.ask(check, userToken());
  expect(errors?.[0]).toMatchObject({ message: 'no such habit', extensions: { status: 404 } });
});

test('a voucher is made by an admin, redeemed once, and removed', async () => {
  const [id, redeem] = [
    randomUUID(),
    'mutation ($c: String!) { redeemVoucher(code: $c) { redeemedAt } }',
  ];
  const variables = { c: await newVoucher() };
  expect((await world.ask(redeem, userToken(id), variables)).errors).toBeUndefined();
  const { data } = await world.ask('{ me { userId email redeemedAt } }', userToken(id));
  expect(data?.['me']).toMatchObject({ userId: id, redeemedAt: expect.any(String) });
  for (const who of [userToken(id), userToken()]) {
    const { errors } = await world.ask(redeem, who, variables);
    expect(errors?.[0]).toMatchObject({ message: 'redeemed already', extensions: { status: 409 } });
  }
  const clean = `mutation { forgetUser(userId: "${id}") removeVoucher(code: "${variables.c}") }`;
  expect((await world.ask(clean, userToken())).errors).toBeDefined();
  expect((await world.ask(clean, adminToken)).data).toEqual({
    forgetUser: true,
    removeVoucher: true,
  });
  const after = await world.ask('{ me { redeemedAt } }', userToken(id));
  expect(after.data?.['me']).toEqual({ redeemedAt: null });
});

test('only an admin makes vouchers', async () => {
  const { errors } = await world.ask('mutation { createVoucher { code } }', userToken());
  expect(errors?.[0]).toMatchObject({ extensions: { status: 403 } });
});

test('a voucher of a chosen code is made once however often it is asked for, by an admin', async () => {
  const url = `${world.running.get('users')?.url}/vouchers`;
  const call = async (method: string, code: string, who = adminToken) => {
    const headers = { 'x-user-token': who };
    return (await fetch(`${url}/${code}`, { method, headers })).status;
  };
  const code = 'chosen-by-an-admin';
  expect(await call('PUT', code, userToken())).toBe(403);
  expect([await call('PUT', code), await call('PUT', code)]).toEqual([201, 201]);
  expect([await call('DELETE', code), await call('DELETE', code)]).toEqual([200, 404]);
  expect(await call('PUT', 'guessable')).toBe(400);
});

test('a sign-up needs a voucher that nobody has redeemed', async () => {
  const signUp =
    'mutation ($v: String!) { signUp(email: "a@x.test", password: "pw", voucher: $v) { email confirmed } }';
  const before = world.auth.seen.length;
  const refused = await world.ask(signUp, undefined, { v: 'made-up' });
  expect(refused.errors?.[0]).toMatchObject({ extensions: { status: 404 } });
  const code = await newVoucher();
  expect((await world.ask(signUp, undefined, { v: code })).data?.['signUp']).toEqual({
    email: 'a@x.test',
    confirmed: false,
  });
  expect(world.auth.seen.slice(before)).toMatchObject([
    { path: '/auth/v1/signup', headers: { apikey: 'anon' } },
  ]);
  await world.ask(`mutation { redeemVoucher(code: "${code}") { redeemedAt } }`, userToken());
  const late = await world.ask(signUp, undefined, { v: code });
  expect(late.errors?.[0]).toMatchObject({ extensions: { status: 409 } });
});

test('a restart of the database, which ends every connection, is seen by no user', async () => {
  const mine = userToken();
  const lists = '{ habits { name } meals { name } journal { body } movements { kind } }';
  for (let round = 0; round < 3; round += 1) {
    expect((await world.ask(lists, mine)).errors).toBeUndefined();
    expect(await endSessions(world.database)).toBeGreaterThanOrEqual(4);
  }
});

test('a service that cannot log in starts, and says that it is not ready', async () => {
  const { folder, urlOf } = world.database;
  const secrets = { 'database-url': urlOf('meals_service', 'wrong'), supabase: '{}' };
  const meals = await startService('meals', { folder, secrets });
  const answer = await fetch(`${meals.url}/readyz`);
  const said = await answer.text();
  await meals.process.stop();
  expect(answer.status).toBe(503);
  expect(JSON.parse(said)).toMatchObject({
    service: 'meals',
    problem: expect.stringContaining('password authentication failed for user "meals_service"'),
  });
  expect(said).not.toContain('wrong');
});

test('a body of the wrong shape is refused in words', async () => {
  const answer = await fetch(`${world.running.get('meals')?.url}/meals`, {
    method: 'POST',
    headers: { 'x-user-token': userToken() },
    body: JSON.stringify({ name: 'soup', kcal: 'many' }),
  });
  expect([answer.status, await answer.json()]).toEqual([400, { error: 'kcal must be a int' }]);
});

test('no service prints a password', () => {
  const output = [...world.running.values()].map(({ process }) => process.output()).join('');
  const printed = databaseServices.filter((service) => {
    const { password } = new URL(world.database.urlOf(`${service}_service`));
    return password === '' || output.includes(password);
  });
  expect(printed).toEqual([]);
});

async function newVoucher(): Promise<string> {
  const { data } = await world.ask('mutation { createVoucher { code } }', adminToken);
  return z.object({ code: z.string() }).parse(data?.['createVoucher']).code;
}

async function get(service: string, path: string) {
  const answer = await fetch(`${world.running.get(service)?.url}${path}`);
  return { status: answer.status, body: await answer.json() };
}
