import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runService } from '../../src/gcp/run-service.ts';
import { boundSplit, latestShare, servingRevision } from '../../src/traffic.ts';

interface Line {
  readonly revision?: string;
  readonly percent?: number;
  readonly tag?: string;
}

function service(traffic: readonly Line[]) {
  const name = 'projects/p/locations/l/services/a';
  const latestReadyRevision = `${name}/revisions/a-00002`;
  return runService({ name, traffic, latestReadyRevision });
}

test.each<[string, readonly Line[], number | undefined]>([
  ['all of it', [{ percent: 100 }], 100],
  ['Google’s default, where nothing is stated', [], 100],
  ['a part of it', [{ percent: 30 }, { revision: 'a-00001', percent: 70 }], 30],
  ['a tag', [{ revision: 'a-00001', percent: 100 }, { tag: 'newest' }], 0],
  ['no line', [{ revision: 'a-00002', percent: 100 }], undefined],
  ['a line without share and tag', [{ revision: 'a-00002', percent: 100 }, {}], undefined],
])('LATEST is followed by %s', (_what, traffic, share) => {
  expect(latestShare(service(traffic))).toBe(share);
});

test('a bound split serves the same revisions the same shares, under the same tags, and follows nothing', () => {
  const revision = fc.constantFrom('a-00001', 'a-00002', undefined);
  const line = fc.record({ revision, percent: fc.integer({ min: 0, max: 100 }) });
  const tagged = fc.record({ revision, percent: fc.constantFrom(0, 5) });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), tagged, (lines, one) => {
      const before = service([...lines.map(given), { ...given(one), tag: 'blue' }]);
      const after = { ...before, traffic: boundSplit(before) };
      expect(latestShare(after)).toBeUndefined();
      expect(sharesOf(after)).toEqual(sharesOf(before));
      expect(after.traffic.filter(({ tag }) => tag === 'blue')).toHaveLength(1);
      const untagged = after.traffic.filter(({ tag }) => tag === undefined);
      expect(new Set(untagged.map((each) => each.revision)).size).toBe(untagged.length);
    }),
  );
});

test('lines of one revision count together when it is asked which one serves', () => {
  const split = [{ percent: 30 }, { revision: 'a-00002', percent: 70 }];
  expect(servingRevision(service(split))).toBe('a-00002');
});

function given({ revision, percent }: { revision: string | undefined; percent: number }): Line {
  return { percent, ...(revision !== undefined && { revision }) };
}

/** Per revision; LATEST is a-00002. */
function sharesOf({ traffic }: ReturnType<typeof service>): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const { revision, percent } of traffic) {
    const meant = revision === 'LATEST' ? 'a-00002' : revision;
    if (percent > 0) totals[meant] = (totals[meant] ?? 0) + percent;
  }
  return totals;
}
