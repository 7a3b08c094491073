import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Config } from '../../src/config/config.ts';
import { gatherImages } from '../../src/images/gather-images.ts';
import { allServices, databaseServices, wellness } from './names.ts';

// An image is one folder, so what services share stands in each of them, word for word.
test.each([
  ['wellness.py', allServices],
  ['user_token.py', allServices],
  ['database.py', databaseServices],
  ['migrations/env.py', databaseServices],
  ['requirements.lock', [...allServices, '.']],
  ['Dockerfile', databaseServices],
])('%s is the same file in every service', (name, services) => {
  const texts = services.map((service) => readFileSync(join(wellness, service, name), 'utf8'));
  expect(new Set(texts).size).toBe(1);
});

test('every service builds into an image of its own', async () => {
  const config = Config.parse(parse(readFileSync('windlass.yaml', 'utf8')));
  const { images, facts } = await gatherImages(resolve('.'), config);
  expect(Object.keys(images).sort()).toEqual([...allServices].sort());
  expect(new Set(Object.values(images)).size).toBe(allServices.length);
  expect(new Set(Object.values(facts).map(({ kind }) => kind))).toEqual(new Set(['process']));
});

test('the lock file names a hash for every package and no registry', () => {
  const lock = readFileSync(join(wellness, 'requirements.lock'), 'utf8');
  const packages = lock.split(/\n(?=\S)/);
  expect(packages.length).toBeGreaterThan(10);
  for (const one of packages) expect(one).toMatch(/^[a-z0-9-]+==\S+ \\\n +--hash=sha256:/);
  expect(lock).not.toMatch(/:\/\//);
});
