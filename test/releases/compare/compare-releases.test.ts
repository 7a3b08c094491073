import { readConfig } from '../../../src/config/read-config.ts';
import { compareReleases } from '../../../src/releases/compare/compare-releases.ts';
import { changedLeaves } from '../../../src/releases/compare/leaves.ts';
import type { Difference } from '../../../src/releases/compare/difference.ts';
import { storedFiles } from '../../../src/releases/stored-files.ts';
import { differenceLines } from '../../../src/cli/output/difference-lines.ts';
import { packFiles } from '../../../src/releases/archive.ts';
import { findRelease, storeRelease } from '../../../src/releases/store.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contentsOf, openShelf } from '../release-shelf.ts';
import type { Shelf } from '../release-shelf.ts';

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());

type Config = Awaited<ReturnType<typeof readConfig>>;
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** The files of a release of this repository's sample, changed. */
async function filesWith(
  change: (config: Config) => object,
  more: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, Buffer>> {
  const config = await readConfig('.');
  const json = { 'windlass.json': JSON.stringify({ ...config, ...change(config) }), ...more };
  return new Map(Object.entries(json).map(([path, text]) => [path, Buffer.from(text)]));
}

const compared = async (...args: Parameters<typeof filesWith>): Promise<readonly Difference[]> =>
  compareReleases(await filesWith(() => ({})), await filesWith(...args), 'production');

it('finds no difference between a release and itself', async () => {
  expect(await compared(() => ({}))).toEqual([]);
});

it('names services that come and go, and each field that changes, with both values', async () => {
  const found = await compared(({ services: { meals, habits, gateway, ...others } }) => ({
    services: {
      ...others,
      gateway: { ...gateway, calls: [] },
      dinners: meals,
      habits: { ...habits, memory: '1Gi', calls: ['journal'], env: { LOG_LEVEL: 'debug' } },
    },
  }));
  const of = (name: string) => found.filter((one) => one.name === name);
  expect(of('meals')).toEqual([{ area: 'services', name: 'meals', change: 'removed' }]);
  expect(of('dinners')).toEqual([{ area: 'services', name: 'dinners', change: 'added' }]);
  expect(of('habits')).toContainEqual(
    expect.objectContaining({ field: 'memory', before: '512Mi', after: '1Gi' }),
  );
  expect(of('habits')).toContainEqual(
    expect.objectContaining({ field: 'env.LOG_LEVEL', change: 'added', after: 'debug' }),
  );
});

it('tells of a secret by its name alone', async () => {
  const found = await compared(({ services: { habits, ...others } }) => ({
    services: {
      ...others,
      habits: { ...habits, secrets: { ...habits?.secrets, stripe: 'external' } },
    },
  }));
  expect(found).toEqual([
    { area: 'services', name: 'habits', field: 'secrets.stripe', change: 'added' },
  ]);
});

it('shows no password that stands in a value', () => {
  const after = new Map([['env.URL', 'https://a:hunter2hunter2@b']]);
  expect(JSON.stringify(changedLeaves(new Map(), after))).not.toContain('hunter2');
});

it('leaves out what only another environment has', async () => {
  const found = await compared(({ environments: { staging, ...others } }) => ({
    environments: { ...others, staging: { ...staging, project: 'elsewhere-staging' } },
  }));
  expect(found).toEqual([]);
});

it('sorts images, migrations, settings, checks, infra and tools into areas', async () => {
  const before = await filesWith(() => ({}), {
    'images.json': JSON.stringify({ habits: digest('a') }),
    'tools.json': '{"terraform":"1.9.0"}',
    'infra/modules/run/main.tf': '# a',
  });
  const after = await filesWith(() => ({ region: 'europe-west1' }), {
    'images.json': JSON.stringify({ habits: digest('b') }),
    'tools.json': '{"terraform":"1.10.0"}',
    'infra/modules/run/main.tf': '# b',
    'migrations/habits/migrations/versions/habits_0009.py': '',
    'access.yaml': '{}',
  });
  const lines = differenceLines(compareReleases(before, after, 'production'));
  expect(lines).toEqual([
    'services',
    '  ~ habits image: sha256:aaaaaaaaaaaa -> sha256:bbbbbbbbbbbb',
    'migrations',
    '  + habits migrations/versions/habits_0009.py',
    'settings',
    '  ~ region: us-central1 -> europe-west1',
    'access',
    '  + access.yaml',
    'infra',
    '  ~ infra/modules/run/main.tf',
    'tools',
    '  ~ terraform: 1.9.0 -> 1.10.0',
  ]);
});

it('fits every line into 80 columns', () => {
  const long = { before: 'a'.repeat(90), after: 'b c '.repeat(40) };
  const one = { area: 'settings', name: 'cost', change: 'changed', ...long } as const;
  for (const line of differenceLines([one])) expect(line.length, line).toBeLessThanOrEqual(80);
});

it('reads a stored bundle, and refuses one that is not what its id says', async () => {
  const contents = await contentsOf('to compare');
  const release = await storeRelease(shelf.site, contents);
  const files = await storedFiles(shelf.site, release);
  expect([...files.keys()].sort()).toEqual([...contents.files.keys()].sort());
  const other = new Map([...contents.files, ['images.json', Buffer.from('{"users":"evil"}')]]);
  await shelf.meddle(release.object, await packFiles(other));
  const found = await findRelease(shelf.site, release.id);
  await expect(storedFiles(shelf.site, found)).rejects.toMatchObject({ code: 'RELEASE_DAMAGED' });
});
