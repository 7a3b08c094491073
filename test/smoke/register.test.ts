import { afterAll, beforeAll, expect, test } from 'vitest';
import { listObjects, readObject } from '../../src/gcp/objects.ts';
import { generatedKey } from '../../src/backups/keys.ts';
import { openRegister } from '../../src/smoke/register.ts';
import { Thing } from '../../src/smoke/thing.ts';
import { openShelf } from '../releases/release-shelf.ts';
import type { Shelf } from '../releases/release-shelf.ts';
import { temporaryFolder } from '../setup/process.ts';

let shelf: Shelf;
let site: Shelf['site'];
beforeAll(async () => {
  shelf = await openShelf();
  const backupKeys = generatedKey(await temporaryFolder('register'), 'test');
  site = { ...shelf.site, backupKeys };
});
afterAll(() => shelf.close());

const ada = { user: 'ada@example.com' };
const code = Thing.parse({ service: 'users', path: '/codes/open-sesame', name: 'a code' });

test('holds what was written down, the newest first, for whoever opens it next', async () => {
  const one = await openRegister(site, 'a');
  await Promise.all([one.add(ada), one.add(code)]);
  const next = await openRegister(site, 'a');
  await next.add({ user: 'bob@example.com' });
  const things = (await one.all()).map(({ thing }) => thing);
  expect(things).toEqual([{ user: 'bob@example.com' }, code, ada]);
  expect(await (await openRegister(site, 'b')).all()).toEqual([]);
});

test('nobody reads in the bucket what was written down', async () => {
  const { google, releaseBucket: bucket } = site;
  const objects = await listObjects(google, bucket, 'smoke/');
  expect(objects).toHaveLength(3);
  for (const { name } of objects)
    expect(String(await readObject(google, { bucket, name }))).not.toMatch(/sesame|example/);
});

test('what is crossed out is not there any more', async () => {
  const register = await openRegister(site, 'a');
  for (const entry of await register.all()) await register.crossOut(entry);
  expect(await register.all()).toEqual([]);
});
