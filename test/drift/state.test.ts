import { expect, test } from 'vitest';
import { differences } from '../../src/drift/state.ts';
import { PlanJson } from '../../src/terraform/plan-json.ts';

const address = 'module.callees["habits"].google_cloud_run_v2_service.this';
const named = { address, type: 'google_cloud_run_v2_service' };

test('an attribute changed by hand is named, with what the next deploy does', () => {
  const change = { actions: ['update'], before: { template: 'a' }, after: { template: 'b' } };
  const plan = planOf({
    resource_drift: [{ ...named, change }],
    resource_changes: [{ ...named, change }],
  });
  expect(differences('20-services', plan)).toEqual([
    {
      source: 'state',
      what: `${address}: template is "b", was "a"`,
      owner: 'Terraform, stack 20-services',
      next: 'puts it back (update)',
    },
  ]);
});

test('what Google counts by itself, and the traffic, is no finding', () => {
  const before = { etag: '1', generation: 1, traffic: ['a'], update_time: 'x' };
  const after = { etag: '2', generation: 2, traffic: ['b'], update_time: 'y' };
  const change = { actions: ['update'], before, after };
  expect(differences('20-services', planOf({ resource_drift: [{ ...named, change }] }))).toEqual(
    [],
  );
});

test('what is unset before the first refresh and empty after it is no finding', () => {
  const before = { annotations: null, template: [{ args: null, labels: null, name: '' }] };
  const after = { annotations: {}, template: [{ args: [], labels: {}, name: null }] };
  const change = { actions: ['update'], before, after };
  expect(differences('20-services', planOf({ resource_drift: [{ ...named, change }] }))).toEqual(
    [],
  );
});

test('one value more, in a list or a map that was unset, is a finding', () => {
  const before = { annotations: null, template: [{ args: null }] };
  const after = { annotations: { by: 'hand' }, template: [{ args: ['-x'] }] };
  const change = { actions: ['update'], before, after };
  const [found] = differences('20-services', planOf({ resource_drift: [{ ...named, change }] }));
  expect(found).toMatchObject({
    what: `${address}: annotations.by is "hand", was unset; template.args is "-x", was unset`,
  });
});

test('a resource that is gone is found, and made again', () => {
  const gone = { actions: ['delete'], before: { name: 'habits' }, after: null };
  const made = { actions: ['create'], before: null, after: { name: 'habits' } };
  const [found] = differences(
    '20-services',
    planOf({
      resource_drift: [{ ...named, change: gone }],
      resource_changes: [{ ...named, change: made }],
    }),
  );
  expect(found).toMatchObject({ what: `${address}: is missing`, next: 'puts it back (create)' });
});

test('a field deep in a template is named, with both values and by its variable’s name', () => {
  const env = (value: string) => ({ name: 'LOG_LEVEL', value, value_source: [] });
  const other = { name: 'A', value: '1', value_source: [] };
  const before = { template: [{ containers: [{ name: '', env: [other, env('info')] }] }] };
  const after = { template: [{ containers: [{ name: null, env: [env('debug'), other] }] }] };
  const change = { actions: ['update'], before, after };
  const [found] = differences('20-services', planOf({ resource_drift: [{ ...named, change }] }));
  expect(found?.what).toBe(
    `${address}: template.containers.env[LOG_LEVEL].value is "debug", was "info"`,
  );
});

test('what Terraform would change by itself is told from the other side', () => {
  const change = { actions: ['update'], before: { scaling: 5 }, after: { scaling: 2 } };
  const [found] = differences('20-services', planOf({ resource_changes: [{ ...named, change }] }));
  expect(found?.what).toBe(`${address}: scaling is 5, the release says 2`);
});

test.each([
  ['by Terraform', { data: 'hunter2' }, { data: 'hunter3' }, { data: true }],
  ['by its name', { env: [{ name: 'API_KEY', value: 'hunter2' }] }, {}, {}],
  ['by its form', { url: 'https://a:hunter2@b' }, { url: 'https://a:hunter3@b' }, {}],
])('a value that is marked secret %s is not shown', (_by, before, after, sensitive) => {
  const change = { actions: ['update'], before, after, before_sensitive: sensitive };
  const [found] = differences('20-services', planOf({ resource_drift: [{ ...named, change }] }));
  expect(found?.what).toContain('has another value (secret)');
  expect(found?.what).not.toContain('hunter');
});

test('a long list of fields says how many more there are', () => {
  const fields = (value: number) =>
    Object.fromEntries('abcdefgh'.split('').map((key) => [key, value]));
  const change = { actions: ['update'], before: fields(1), after: fields(2) };
  const [found] = differences('20-services', planOf({ resource_drift: [{ ...named, change }] }));
  expect(found?.what).toMatch(/f is 2, was 1; and 2 more$/);
});

function planOf(parts: object): PlanJson {
  return PlanJson.parse({ format_version: '1.2', ...parts });
}
