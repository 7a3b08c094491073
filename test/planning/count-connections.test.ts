import { describe, expect, it } from 'vitest';
import { BundledConfig } from '../../src/releases/store.ts';
import { connectionLines } from '../../src/planning/connection-lines.ts';
import { assumedLimit, limitOf } from '../../src/planning/connection-limit.ts';
import { countConnections } from '../../src/planning/count-connections.ts';
import { refuseTooMany } from '../../src/planning/plan-connections.ts';

const small = limitOf({ max: 90, reserved: 3 });
const uses = { secrets: { 'database-url': 'database' } };

/** The services as windlass.yaml states them, read by its own schema. */
function services(written: Readonly<Record<string, object>>) {
  const entries = Object.entries(written).map(([name, one]) => [name, { source: 's', ...one }]);
  return BundledConfig.parse({
    name: 'shop',
    services: Object.fromEntries(entries),
    environments: {},
  }).services;
}

describe('what a limit leaves to the services', () => {
  it.each([
    [60, 3, 12, 45],
    [90, 3, 18, 69],
    [91, 5, 19, 67],
    [4, 3, 1, 0],
    [3, 3, 1, 0],
  ])('of %i with %i reserved and %i for the platform is %i', (max, reserved, platform, usable) => {
    expect(limitOf({ max, reserved })).toMatchObject({ platform, usable, assumed: false });
  });

  it('is that of the smallest paid compute where there is no database yet, and says so', () => {
    expect(assumedLimit).toMatchObject({ max: 60, usable: 45, assumed: true });
  });
});

describe('the connections of all services', () => {
  it('are instances × pool, for the new revision and for the one beside it', () => {
    const now = services({
      meals: { ...uses, max: 3, pool: 5 },
      users: { ...uses, max: 1 },
      gateway: { max: 10 },
    });
    expect(countConnections({ now, before: {}, limit: small })).toMatchObject({
      services: [
        {
          service: 'meals',
          now: { instances: 3, pool: 5 },
          beside: { instances: 3, pool: 5 },
          sum: 30,
        },
        {
          service: 'users',
          now: { instances: 1, pool: 4 },
          beside: { instances: 1, pool: 4 },
          sum: 8,
        },
      ],
      steady: 19,
      sum: 38,
      over: false,
      alone: [],
    });
  });

  it('hold what is in force where that was more, and what leaves, once', () => {
    const now = services({ meals: { ...uses, max: 2, pool: 2 }, users: { ...uses, pool: 1 } });
    const before = services({
      meals: { ...uses, max: 10, pool: 3 },
      users: { ...uses, max: 1, pool: 1 },
      habits: { ...uses, max: 5, pool: 5 },
      gateway: {},
    });
    const counted = countConnections({ now, before, limit: small });
    expect(counted.services.map(({ service, sum }) => [service, sum])).toEqual([
      ['meals', 4 + 30],
      ['users', 2 + 2],
      ['habits', 25],
    ]);
    expect(counted).toMatchObject({ steady: 6, sum: 63 });
  });

  it('of a service that gave its database up are those of its revision in force', () => {
    const now = services({ meals: {} });
    const before = services({ meals: { ...uses, max: 2, pool: 5 } });
    expect(countConnections({ now, before, limit: small })).toMatchObject({ steady: 0, sum: 10 });
  });

  it('of a service with two secrets of the database are its pool: connections per instance', () => {
    const two = { 'database-url': 'database', 'reports-url': 'database', key: 'generated' };
    const now = services({ meals: { secrets: two, max: 2, pool: 5 } });
    expect(countConnections({ now, before: {}, limit: small })).toMatchObject({
      steady: 10,
      sum: 20,
    });
  });

  it('are over from one more than the limit on', () => {
    const limit = limitOf({ max: 60, reserved: 3 });
    const over = (pool: number) =>
      countConnections({ now: services({ meals: { ...uses, max: 1, pool } }), before: {}, limit })
        .over;
    expect([over(22), over(23)]).toEqual([false, true]); // 44 and 46 of 45
  });
});

describe('the lines of the plan', () => {
  const limit = limitOf({ max: 60, reserved: 3 });

  it('are none where all fit', () => {
    const now = services({ meals: { ...uses, max: 2 } });
    expect(connectionLines(countConnections({ now, before: {}, limit }))).toEqual([]);
  });

  it('name services, instances × pool, sum, limit, what was counted, and the ways out', () => {
    const now = services({ meals: { ...uses, max: 4, pool: 5 }, users: { ...uses, max: 2 } });
    const before = services({ habits: { ...uses, max: 1 } });
    expect(connectionLines(countConnections({ now, before, limit }))).toEqual([
      'meals: 4 × 5 + 4 × 5 = 40',
      'users: 2 × 4 + 2 × 4 = 16',
      'habits: 1 × 4 = 4 (the revision before)',
      'sum: 60 during a deploy, 28 after it; limit: 45 (max_connections 60, less 3 reserved and 12 for the platform)',
      'counted: `max` instances × `pool`, of the new revision and of the one before it, which run side by side',
      'fix: lower `max` or `pool` of these services until the sum is at most 45, or give the project a larger compute',
    ]);
  });

  it('say that it passes where only the revisions in force are too much', () => {
    const now = services({ meals: { ...uses, max: 2, pool: 2 } });
    const before = services({ meals: { ...uses, max: 10, pool: 10 } });
    const lines = connectionLines(countConnections({ now, before, limit }));
    expect(lines[0]).toBe('meals: 2 × 2 + 10 × 10 = 104');
    expect(lines.at(-1)).toBe(
      'fix: deploy while few instances run; once the revisions before are gone, all of it fits',
    );
  });

  it('say that a limit is assumed, and of what', () => {
    const now = services({ meals: { ...uses, max: 10, pool: 3 } });
    const lines = connectionLines(countConnections({ now, before: {}, limit: assumedLimit }));
    expect(lines.join('\n')).toContain(
      'limit: 45 (assumed, for there is no project to ask yet: max_connections 60 of Supabase’s Micro compute, less 3 reserved and 12 for the platform)',
    );
  });
});

describe('one service that is too much by itself', () => {
  const limit = limitOf({ max: 60, reserved: 3 });
  const counted = (one: object) =>
    countConnections({
      now: services({ meals: { ...uses, ...one }, users: { ...uses, max: 10 } }),
      before: {},
      limit,
    });

  it('is refused by its name, with what is left to set', () => {
    expect(() => refuseTooMany(counted({ max: 10, pool: 5 }))).toThrow(
      expect.objectContaining({
        code: 'CONNECTIONS_EXCEEDED',
        class: 'undo',
        what: 'meals alone may open more connections than the database allows',
        why: expect.stringMatching(/^meals: 10 × 5 = 50; limit: 45 \(max_connections 60, /),
        fix: expect.stringMatching(/services\.meals\.pool.*at most 4.*or.*max.*at most 9/),
      }),
    );
  });

  it('passes where it is accepted by its name, and the fix says how', () => {
    const many = counted({ max: 10, pool: 5 });
    expect(() => refuseTooMany(many, ['connections:users'])).toThrow(
      expect.objectContaining({ fix: expect.stringMatching(/--accept connections:meals$/) }),
    );
    expect(() => refuseTooMany(many, ['connections:meals'])).not.toThrow();
  });

  it('gets no advice to set a pool of 0', () => {
    const none = countConnections({
      now: services({ meals: { ...uses, max: 10, pool: 1 } }),
      before: {},
      limit: limitOf({ max: 10, reserved: 3 }), // leaves 5
    });
    expect(() => refuseTooMany(none)).toThrow(
      expect.objectContaining({ fix: expect.not.stringContaining('at most 0') }),
    );
  });

  it('is none at the limit itself, nor for being doubled by a deploy', () => {
    expect(() => refuseTooMany(counted({ max: 9, pool: 5 }))).not.toThrow(); // 45
    expect(counted({ max: 9, pool: 5 }).over).toBe(true);
  });

  it('is none where only the release in force is too much', () => {
    const now = services({ meals: { ...uses, max: 2, pool: 2 } });
    const before = services({ meals: { ...uses, max: 10, pool: 10 } });
    expect(() => refuseTooMany(countConnections({ now, before, limit }))).not.toThrow();
  });
});
