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
      what: `${address} has another template`,
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
  expect(found).toMatchObject({ what: `${address} has another annotations, template` });
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
  expect(found).toMatchObject({ what: `${address} is missing`, next: 'puts it back (create)' });
});

function planOf(parts: object): PlanJson {
  return PlanJson.parse({ format_version: '1.2', ...parts });
}
