import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { loweredWalls, Walls } from '../../src/config/walls.ts';
import { siteIn } from '../../src/endpoints.ts';
import { temporaryFolder } from '../setup/process.ts';

let home: string;
beforeAll(async () => {
  home = await temporaryFolder('walls');
  await mkdir(home, { recursive: true });
  const door = 'http://127.0.0.1:9';
  const book = {
    ...{ version: 1, google: door, googleToken: 'a', supabase: door, supabaseToken: 'b' },
    ...{ temporal: { address: '127.0.0.1:9', ui: door, namespace: 'default' }, reattach: '' },
  };
  await writeFile(join(home, 'sandbox.json'), JSON.stringify(book));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function bannerWith(walls: object): Promise<string> {
  const written = await readConfig(process.cwd());
  const config = Config.parse({ ...written, sandbox: { walls } });
  return (await siteIn({ root: process.cwd(), home }, config, 'production')).banner;
}

it('every wall stands where nothing is said, and the banner says nothing of them', async () => {
  expect(loweredWalls(Walls.parse({}))).toEqual([]);
  expect(await bannerWith({})).toMatch(/no cloud is used$/);
});

it.each([
  [{ apis: 'off' }, 'apis'],
  [{ impersonation: 'off' }, 'impersonation'],
  [{ apis: 'off', impersonation: 'off' }, 'apis, impersonation'],
])('a wall that is off by name stands in the banner: %j', async (walls, names) => {
  expect(await bannerWith(walls)).toMatch(new RegExp(`; walls off: ${names}$`));
});

it('a wall that nobody knows is refused', () => {
  expect(Walls.safeParse({ budgets: 'off' }).success).toBe(false);
});
