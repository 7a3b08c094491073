import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledWorkflows } from '../../src/temporal/bundle-workflows.ts';
import { bundleOf, headed, requireRunnable } from '../../src/temporal/versions/bundle.ts';
import { sdkVersion } from '../../src/temporal/versions/sdk-version.ts';
import { shelfFile, shelve, shelved } from '../../src/temporal/versions/shelf.ts';
import { temporaryFolder } from '../setup/process.ts';

let home: string;

beforeAll(async () => {
  home = await temporaryFolder('shelf');
});

afterAll(async () => {
  await rm(home, { recursive: true });
});

it('the same sources give the same bundle, whichever folder it is made from; it names no path', async () => {
  const here = process.cwd();
  const one = await bundledWorkflows();
  process.chdir('/');
  const other = await bundledWorkflows().finally(() => process.chdir(here));
  expect(bundleOf(other).buildId).toBe(bundleOf(one).buildId);
  expect(one).not.toContain(here);
});

describe('a bundle on the shelf', () => {
  const bundle = bundleOf('globalThis.x = 1;');

  it('is there once it was put there', async () => {
    expect(await shelved(home, bundle.buildId)).toBeUndefined();
    await shelve(home, bundle);
    expect(await shelved(home, bundle.buildId)).toEqual(bundle);
  });

  it('counts as gone where its bytes are other ones, and is mended by the next that has it', async () => {
    await writeFile(shelfFile(home, bundle.buildId), 'globalThis.x = 2;');
    expect(await shelved(home, bundle.buildId)).toBeUndefined();
    await shelve(home, bundle);
    expect(await readFile(shelfFile(home, bundle.buildId), 'utf8')).toBe(bundle.code);
  });
});

describe('a worker', () => {
  const ours = { sdk: '1.24.0', activities: ['migrate', 'promote'] };
  const header = { format: 1, sdk: '1.24.0', activities: ['migrate'] };
  const made = (more: object) => bundleOf(headed('1;', { ...header, ...more }));

  it('carries out a bundle that needs no more than it has', () => {
    expect(() => requireRunnable(made({}), ours)).not.toThrow();
  });

  it.each([
    [{ activities: ['migrate', 'holdLease'] }, 'it calls holdLease, which this Windlass'],
    [{ sdk: '1.25.0' }, 'SDK 1.25.0, this Windlass has 1.24.0'],
    [{ format: 2 }, 'it has the format 2, this Windlass reads 1'],
  ])('refuses one that needs more: %o', (more, why) => {
    expect(() => requireRunnable(made(more), ours)).toThrow(
      expect.objectContaining({ code: 'BUNDLE_FOREIGN', why: expect.stringContaining(why) }),
    );
  });

  it('has the SDK that its bundles say', async () => {
    const all = JSON.parse(await readFile('package.json', 'utf8')).dependencies;
    expect(await sdkVersion()).toBe(all['@temporalio/worker']);
  });
});
