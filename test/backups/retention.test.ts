import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setsToPrune } from '../../src/backups/retention.ts';
import type { KeptSet } from '../../src/backups/retention.ts';

const rule = { daily: 7, weekly: 4 };
const start = Date.parse('2026-01-01T00:00:00Z');
const hour = 60 * 60_000;

const sets = fc
  .uniqueArray(
    fc.record({
      hours: fc.integer({ min: 0, max: 24 * 90 }),
      release: fc.option(fc.constantFrom('r-a', 'r-b', 'r-c')),
      proven: fc.boolean(),
    }),
    { selector: ({ hours }) => hours, maxLength: 60 },
  )
  .map((made) =>
    made.map(({ hours, ...rest }, index): KeptSet => ({
      ...{ id: `set-${index}`, at: new Date(start + hours * hour).toISOString() },
      ...rest,
    })),
  );

test('what goes is older than a proven set that stays', () => {
  fc.assert(
    fc.property(sets, (all) => {
      const gone = new Set(setsToPrune(all, rule));
      for (const set of all.filter(({ id }) => gone.has(id)))
        expect(all.some(({ id, at, proven }) => proven && !gone.has(id) && at > set.at)).toBe(true);
    }),
  );
});

test('the newest proven set of every release and of the last seven days stays', () => {
  fc.assert(
    fc.property(sets, (all) => {
      const gone = new Set(setsToPrune(all, rule));
      const proven = all.filter((set) => set.proven).sort((a, b) => b.at.localeCompare(a.at));
      const newestOf = (key: (set: KeptSet) => string | null) =>
        proven.filter((set, index) => proven.findIndex((one) => key(one) === key(set)) === index);
      const kept = [
        ...newestOf(({ release }) => release).filter(({ release }) => release !== null),
        ...newestOf(({ at }) => at.slice(0, 10)).slice(0, rule.daily),
      ];
      for (const { id } of kept) expect(gone.has(id)).toBe(false);
    }),
  );
});

test('pruning again lets nothing more go', () => {
  fc.assert(
    fc.property(sets, (all) => {
      const gone = new Set(setsToPrune(all, rule));
      expect(
        setsToPrune(
          all.filter(({ id }) => !gone.has(id)),
          rule,
        ),
      ).toEqual([]);
    }),
  );
});

test('no more stays than days, weeks and releases have a right to, and what is newer', () => {
  fc.assert(
    fc.property(sets, (all) => {
      const gone = new Set(setsToPrune(all, rule));
      const proven = all.filter((set) => set.proven);
      const stays = proven.filter(({ id }) => !gone.has(id));
      expect(stays.length).toBeLessThanOrEqual(rule.daily + rule.weekly + 3);
    }),
  );
});
