import { expect, test } from 'vitest';
import { lasting as lastingOf, passingOf } from '../../src/fingerprint/lasting.ts';

const lasting = (attributes: Readonly<Record<string, unknown>>, type = 'google_any') =>
  lastingOf(attributes, passingOf(type, attributes));

test('what is unset before the first refresh and empty after it is the same', () => {
  const unset = {
    annotations: null,
    name: 'a',
    template: [{ args: null, labels: null, cpu: '1' }],
  };
  const empty = { annotations: {}, name: 'a', template: [{ args: [], labels: {}, cpu: '1' }] };
  expect(lasting(empty)).toEqual(lasting(unset));
  expect(lasting(unset)).toEqual({ name: 'a', template: [{ cpu: '1' }] });
});

test('a value more, a false, a zero and a place in a list count; what Google stamps does not', () => {
  expect(lasting({ b: { x: '1' }, a: false, n: 0, list: ['', 'x'], etag: 'y' })).toEqual({
    ...{ a: false, b: { x: '1' }, list: ['', 'x'], n: 0 },
  });
});

test('the order of names is no difference', () => {
  const [one, other] = [
    { a: '1', b: { c: '1', d: '1' } },
    { b: { d: '1', c: '1' }, a: '1' },
  ];
  expect(JSON.stringify(lasting(one))).toBe(JSON.stringify(lasting(other)));
});

test('what a promotion sets is no part of a job and of a worker pool, but of a job’s candidate', () => {
  const job = 'google_cloud_run_v2_job';
  expect(lasting({ name: 'a', template: 'x' }, job)).toEqual({ name: 'a' });
  const candidate = { name: 'a-candidate', template: 'x', labels: { service: 'a' } };
  expect(lasting(candidate, job)).toEqual(candidate);
  const namedSo = { ...candidate, labels: { service: 'a-candidate' } };
  expect(lasting(namedSo, job)).not.toHaveProperty('template');
  const pool = { name: 'b', template: 'x', scaling: [1], instance_splits: [2] };
  expect(lasting(pool, 'google_cloud_run_v2_worker_pool')).toEqual({ name: 'b', template: 'x' });
  expect(lasting(pool)).toEqual(pool);
});
