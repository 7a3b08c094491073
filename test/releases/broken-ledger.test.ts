import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { removeObject } from '../../src/gcp/object-changes.ts';
import { readObject } from '../../src/gcp/objects.ts';
import { ledgerShown } from '../../src/cli/ledger-shown.ts';
import { refuseUnproven } from '../../src/migrations/proof.ts';
import { hashOf } from '../../src/releases/ledger-entry.ts';
import { appendToLedger, readLedger } from '../../src/releases/ledger.ts';
import { foreseeMending, mendLedger } from '../../src/releases/mend-ledger.ts';
import { foresee } from '../../src/recovery/foresee.ts';
import { unfinishedRollback } from '../../src/releases/unfinished-rollback.ts';
import { retireVersions } from '../../src/secret-values/retire.ts';
import { openShelf } from './release-shelf.ts';
import type { Shelf } from './release-shelf.ts';

const shelves: Shelf[] = [];
let shelf: Shelf;

beforeEach(async () => {
  shelf = await openShelf();
  shelves.push(shelf);
  for (const release of ['r-1', 'r-2', 'r-3'])
    await appendToLedger(shelf.site, {
      at: new Date().toISOString(),
      runId: `run of ${release}`,
      kind: 'deploy',
      actor: 'tester',
      outcome: 'succeeded',
      release: { id: release, object: `releases/${release}.tar`, sha256: 'a'.repeat(64) },
      ...{ secretVersions: {}, revisions: {}, traffic: {}, left: [] },
    });
});

afterAll(async () => {
  for (const one of shelves) await one.close();
});

async function entry(number: number): Promise<Record<string, unknown>> {
  const ref = { bucket: shelf.site.releaseBucket, name: object(number) };
  return JSON.parse(String(await readObject(shelf.site.google, ref)));
}

function object(number: number): string {
  return `ledger/00000${number}.json`;
}

async function rewrite(number: number, change: object, rehash = false): Promise<void> {
  const { hash, ...body } = { ...(await entry(number)), ...change };
  const text = JSON.stringify({ ...body, hash: rehash ? hashOf(body) : hash });
  await shelf.meddle(object(number), text);
}

async function take(number: number): Promise<void> {
  await removeObject(shelf.site.google, {
    bucket: shelf.site.releaseBucket,
    name: object(number),
  });
}

const breakings: readonly (readonly [string, () => Promise<void>, RegExp])[] = [
  ['a changed entry', () => rewrite(2, { actor: 'nobody' }), /000002.json: it was changed/],
  ['an added field', () => rewrite(2, { extra: 1 }), /000002.json: it was changed/],
  [
    'an entry with another release and its right hash',
    () => rewrite(2, { release: { id: 'r-9', object: 'releases/r-9.tar', sha256: 'b' } }, true),
    /000003.json: it does not follow/,
  ],
  [
    'an entry that is no JSON',
    () => shelf.meddle(object(1), '{'),
    /000001.json: it is not a ledger entry/,
  ],
  ['an entry less in its middle', () => take(2), /000003.json: 000002.json is missing/],
  ['its newest entry taken away', () => take(3), /000003.json: it was taken away/],
  ['a strange object more', () => shelf.meddle('ledger/000009.json', '{}'), /000009.json/],
  ['its first two entries swapped', swap, /000001.json/],
];

async function swap(): Promise<void> {
  const [one, two] = [await entry(1), await entry(2)];
  await shelf.meddle(object(1), JSON.stringify(two));
  await shelf.meddle(object(2), JSON.stringify(one));
}

describe.each(breakings)('a ledger with %s', (_name, breaks, says) => {
  it('is followed by nothing, is shown as broken, and comes back by mending', async () => {
    const { site } = shelf;
    const before = await readLedger(site);
    await breaks();
    const draft = { ...(before[0] ?? never()), runId: 'another' };
    for (const follow of [
      () => readLedger(site),
      () => appendToLedger(site, draft),
      () => foresee({ ...site, supabase: nothingThere }, { source: site.name }),
      () => refuseUnproven(staged(), [], []),
      () => retireVersions(site, []),
    ])
      await expect(follow()).rejects.toMatchObject({
        code: 'LEDGER_BROKEN',
        class: 'undo',
        why: expect.stringMatching(says),
        fix: expect.stringContaining('windlass ledger repair'),
      });
    const shown = await ledgerShown(site);
    expect(shown.broken).toMatchObject({ code: 'LEDGER_BROKEN' });
    await mendLedger(site, await foreseeMending(site));
    expect(await readLedger(site)).toEqual(before);
    expect(await ledgerShown(site)).toEqual({ ledger: before });
  });
});

it('is not touched where no generation mends it, and it is said which entry is lost', async () => {
  const { site, meddle } = shelf;
  const twin = await openShelf();
  shelves.push(twin);
  for (const number of [1, 3])
    await twin.meddle(object(number), JSON.stringify(await entry(number)));
  const { beyond } = await foreseeMending(twin.site);
  expect(beyond).toEqual([{ name: '000002.json', problem: 'no generation of it is whole' }]);
  await meddle(object(2), 'x');
  expect((await foreseeMending(site)).beyond).toEqual([]);
});

it('is whole: nothing is to be mended', async () => {
  expect(await foreseeMending(shelf.site)).toEqual({ back: [], aside: [], beyond: [] });
  expect(await unfinishedRollback(shelf.site)).toBeUndefined();
});

const nothingThere = {
  api: '',
  token: async () => '',
  projectUrl: async () => '',
  databaseCa: undefined,
};

function staged() {
  const { site } = shelf;
  const migrations = { ...site.config.migrations, proof: 'staging' } as const;
  return { ...site, config: { ...site.config, migrations } };
}

function never(): never {
  throw new Error('the ledger is empty');
}
