import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ownedSettings } from '../../src/owned-settings.ts';
import { removeMade, withMadeRemoved } from '../../src/smoke/remove-made.ts';
import { checkSignIns } from '../../src/smoke/sign-ins.ts';
import { userIdOf } from '../../src/smoke/user-id.ts';
import { openProject } from './project.ts';
import type { SmokeProject } from './project.ts';

let project: SmokeProject;
beforeAll(async () => {
  project = await openProject();
});
afterAll(() => project.close());
afterEach(() => project.settings(ownedSettings(project.site)));

const signIns = (site = project.site) => {
  const { door, register } = project;
  return checkSignIns(site, door, { register, runId: 'one' });
};
const broom = () => ({ ...project, reaches: [] });
const users = () => project.sql('select email from auth.users');

test('two people sign in, once their address is confirmed, for as long as stated', async () => {
  const { people, found } = await withMadeRemoved(broom(), () => signIns());
  expect(people).toHaveLength(2);
  expect(people[0]?.userId).not.toBe(people[1]?.userId);
  expect(found).toEqual(['auth: e-mail confirmation on', 'auth: a sign-in lasts 86400 s']);
  expect(await users()).toEqual([]);
});

test('where nobody has to confirm, nobody is refused for it', async () => {
  await project.settings({ mailer_autoconfirm: true });
  const { environment } = project.site;
  const settings = { ...environment.supabase.settings, mailer_autoconfirm: true };
  const supabase = { ...environment.supabase, settings };
  const site = { ...project.site, environment: { ...environment, supabase } };
  const { found } = await withMadeRemoved(broom(), () => signIns(site));
  expect(found).toContain('auth: e-mail confirmation off');
});

test('an Auth that takes no sign-ups is tried all the same', async () => {
  await project.settings({ disable_signup: true });
  const { people } = await withMadeRemoved(broom(), () => signIns());
  expect(people).toHaveLength(2);
});

test.each([
  [{ jwt_exp: 3600 }, { why: '3600 s, not 86400 s' }],
  [
    { mailer_autoconfirm: true },
    { what: 'The e-mail confirmation setting of Auth differs from windlass.yaml' },
  ],
])('an Auth that is %j, and not as stated, is named; nobody stays', async (change, named) => {
  await project.settings(change);
  await expect(withMadeRemoved(broom(), () => signIns())).rejects.toMatchObject(named);
  expect(await users()).toEqual([]);
});

test('who was left by an attempt that was killed is removed by the next one', async () => {
  await signIns();
  const left = await project.register.all();
  expect(left).toHaveLength(2);
  const [one] = left.flatMap(({ thing }) => ('user' in thing ? [thing.user] : []));
  expect(await userIdOf(project.login, one?.toUpperCase() ?? '')).toBeDefined();
  await removeMade(broom());
  expect(await users()).toEqual([]);
  expect(await project.register.all()).toEqual([]);
});
