import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openAuthDoor } from '../../src/smoke/auth-door.ts';
import type { AuthDoor } from '../../src/smoke/auth-door.ts';
import { removeMade } from '../../src/smoke/remove-made.ts';
import { signIn, signUp } from '../../src/supabase/auth.ts';
import { userIdOf } from '../../src/smoke/user-id.ts';
import { openProject } from './project.ts';
import type { SmokeProject } from './project.ts';
import { serviceThat } from './service.ts';

let project: SmokeProject;
let door: AuthDoor;
beforeAll(async () => {
  project = await openProject();
});
afterAll(() => project.close());
beforeEach(async () => {
  door = await openAuthDoor(project);
});
afterEach(async () => {
  door.close();
  await removeMade({ ...project, reaches: [] });
});

async function post(path: string, body: object, token = door.token) {
  const headers = { authorization: `Bearer ${token}` };
  const asked = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`${door.url}${path}`, asked);
  return { status: answer.status, text: await answer.text() };
}
const registered = async () => (await project.register.all()).map(({ thing }) => thing);
const ada = { email: 'ada@example.com', password: 'correct horse', email_confirm: true };

test('makes a user who signs in, and writes down that it must go', async () => {
  expect((await post('/auth/v1/admin/users', ada)).status).toBe(200);
  expect(await signIn(project.door, ada)).toMatchObject({ signedIn: true });
  expect(await registered()).toEqual([{ user: ada.email }]);
  await removeMade({ ...project, reaches: [] });
  expect(await signIn(project.door, ada)).toMatchObject({ signedIn: false });
});

test('somebody who was there before is neither touched nor removed', async () => {
  await signUp(project.door, { ...ada, email: 'eve@shop.dev' });
  const paths = ['/auth/v1/admin/users', '/auth/v1/admin/generate_link'];
  for (const path of paths)
    expect(await post(path, { ...ada, type: 'recovery', email: 'EVE@shop.dev' })).toMatchObject({
      status: 409,
      text: expect.stringContaining('already exists'),
    });
  expect((await post('/made', { user: 'eve@shop.dev' })).status).toBe(409);
  expect(await registered()).toEqual([]);
  expect(await userIdOf(project.login, 'eve@shop.dev')).toBeDefined();
});

test('opens nothing to who has another token, and nothing but what it is for', async () => {
  expect((await post('/auth/v1/admin/users', ada, 'another')).status).toBe(401);
  expect((await post('/auth/v1/admin/users/1', ada)).status).toBe(404);
  expect((await post('/rest/v1/rpc/any', {})).status).toBe(404);
  expect((await post('/made', { thing: 1 })).status).toBe(400);
  const read = { headers: { authorization: `Bearer ${door.token}` } };
  expect((await fetch(`${door.url}/auth/v1/admin/users`, read)).status).toBe(404);
  expect(await registered()).toEqual([]);
});

test('what a service made is removed by asking that service, the newest first', async () => {
  const service = await serviceThat(({ url }) => [url === '/gone' ? 404 : 204, '']);
  for (const path of ['/one', '/gone'])
    expect((await post('/made', { service: 'api', path })).status).toBe(201);
  await removeMade({ ...project, reaches: [service.reach] });
  service.close();
  expect(service.asked).toEqual(['DELETE /gone', 'DELETE /one']);
  expect(await registered()).toEqual([]);
});

test('what a service does not remove is named, by the name that it was given', async () => {
  const service = await serviceThat(() => [500, '']);
  await post('/made', { service: 'api', path: '/codes/secret', name: 'a code' });
  const removing = removeMade({ ...project, reaches: [service.reach] });
  await expect(removing).rejects.toMatchObject({
    code: 'SMOKE_FAILED',
    why: expect.stringMatching(/^left: a code \(.*500/),
  });
  service.close();
  for (const entry of await project.register.all()) await project.register.crossOut(entry);
});
