import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openStandIn, type ReadyProject, readyProject, type StandIn } from './stand-in.ts';

let standIn: StandIn;
let project: ReadyProject;
beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
  await project.sql(`create table public.notes (id int); alter table notes enable row level security;
    insert into notes values (1)`);
});
afterAll(() => standIn[Symbol.asyncDispose]());

const Key = z.object({ name: z.string(), type: z.string(), api_key: z.string(), id: z.string() });
const path = () => `/v1/projects/${project.ref}/api-keys`;
const keys = async (query = '') =>
  Key.array().parse((await standIn.api('GET', `${path()}${query}`)).body);
const legacy = (enabled: boolean) => standIn.api('PUT', `${path()}/legacy?enabled=${enabled}`);
const legacyKeys = async () => (await keys()).filter(({ type }) => type === 'legacy');
const rows = (headers: Record<string, string>) =>
  fetch(`${project.url}/rest/v1/notes?select=id`, { headers }).then(async (answer) => [
    answer.status,
    await answer.json(),
  ]);

describe('a new project', () => {
  it('has a publishable and a secret key, whose whole text is shown on demand', async () => {
    const [hidden, shown] = [await keys(), await keys('?reveal=true')];
    expect(shown.map(({ name, type }) => [name, type])).toEqual([
      ['default', 'publishable'],
      ['default', 'secret'],
    ]);
    expect(shown[1]?.api_key).toMatch(/^sb_secret_[\w-]{32}$/);
    expect(hidden[0]?.api_key).toBe(shown[0]?.api_key);
    expect(shown[1]?.api_key).not.toContain(hidden[1]?.api_key ?? '');
  });

  it('has its legacy keys off', async () => {
    expect((await standIn.api('GET', `${path()}/legacy`)).body).toEqual({ enabled: false });
    expect((await standIn.api('PUT', `${path()}/legacy?enabled=perhaps`)).status).toBe(400);
  });
});

describe('the keys of the newer kind', () => {
  it('open REST and Auth in `apikey` alone', async () => {
    await expect.poll(() => rows({ apikey: project.anon })).toEqual([200, []]);
    expect(await rows({ apikey: project.service })).toEqual([200, [{ id: 1 }]]);
    const users = (key: string) => project.door('GET', '/auth/v1/admin/users', { key });
    expect((await users(project.service)).status).toBe(200);
    expect(await users(project.anon)).toMatchObject({ status: 403 });
  });

  it('are no Bearer token', async () => {
    const authorization = `Bearer ${project.service}`;
    expect((await rows({ authorization }))[0]).toBe(401);
    expect((await rows({ apikey: project.anon, authorization }))[0]).toBe(401);
    const asAdmin = { token: project.service };
    expect((await project.door('GET', '/auth/v1/admin/users', asAdmin)).status).toBe(403);
  });

  it('open nothing once they are gone', async () => {
    const made = await standIn.api('POST', `${path()}?reveal=true`, {
      name: 'spare',
      type: 'secret',
    });
    const { id, api_key: apikey } = Key.parse(made.body);
    expect((await rows({ apikey }))[0]).toBe(200);
    expect((await standIn.api('DELETE', `${path()}/${id}`)).status).toBe(200);
    expect(await rows({ apikey })).toMatchObject([401, { message: 'Invalid API key' }]);
  });
});

describe('the legacy keys', () => {
  it('open REST and Auth, as key and as token, while they are on', async () => {
    expect((await legacy(true)).status).toBe(200);
    const [anon, service] = await legacyKeys();
    const [apikey, own] = [anon?.api_key ?? '', service?.api_key ?? ''];
    await expect.poll(() => rows({ apikey })).toEqual([200, []]);
    expect(await rows({ apikey: own, authorization: `Bearer ${own}` })).toEqual([200, [{ id: 1 }]]);
    const admin = { key: own, token: own };
    expect((await project.door('GET', '/auth/v1/admin/users', admin)).status).toBe(200);
  });

  it('open nothing once they are off, neither as key nor as token', async () => {
    const [, service] = await legacyKeys();
    const own = service?.api_key ?? '';
    await legacy(false);
    expect(await legacyKeys()).toEqual([]);
    await expect.poll(() => rows({ apikey: project.anon })).toEqual([200, []]);
    expect(await rows({ apikey: own })).toMatchObject([
      401,
      { message: 'Legacy API keys are disabled' },
    ]);
    expect((await rows({ apikey: project.anon, authorization: `Bearer ${own}` }))[0]).toBe(401);
    const asAdmin = { token: own };
    expect((await project.door('GET', '/auth/v1/admin/users', asAdmin)).status).toBe(403);
  });
});
