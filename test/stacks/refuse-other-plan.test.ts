import { expect, test } from 'vitest';
import { refuseOtherPlan } from '../../src/stacks/refuse-other-plan.ts';
import { PlanJson } from '../../src/terraform/plan-json.ts';

const address = 'module.callees["meals"].google_cloud_run_v2_service.this';
const type = 'google_cloud_run_v2_service';

interface Given {
  readonly traffic?: string;
  readonly etag?: string;
  readonly image?: string;
  readonly actions?: readonly string[];
  readonly more?: readonly object[];
}

function plan({ traffic = 'LATEST', etag = 'a', image = 'two', actions, more = [] }: Given = {}) {
  const before = { name: 'meals', image: 'one', etag, traffic, generation: 1 };
  const change = { actions: actions ?? ['update'], before, after: { ...before, image } };
  const quiet = { ...change, actions: ['no-op'] };
  return PlanJson.parse({
    format_version: '1.2',
    resource_changes: [
      { address, type, change },
      { address: 'quiet', type, change: quiet },
      ...more,
    ],
  });
}

test('another split, and what Google stamps, make no other plan', () => {
  expect(() => refuseOtherPlan(plan(), plan({ traffic: 'meals-00001', etag: 'b' }))).not.toThrow();
});

const other = {
  ...{ address: 'other', type },
  change: { actions: ['create'], before: null, after: { name: 'other' } },
};

test.each<[string, Given]>([
  ['another image', { image: 'three' }],
  ['another action', { actions: ['delete', 'create'] }],
  ['nothing any more', { actions: ['no-op'] }],
  ['a resource more', { more: [other] }],
])('%s is refused by its address', (_what, given) => {
  expect(() => refuseOtherPlan(plan(), plan({ traffic: 'meals-00001', ...given }))).toThrow(
    expect.objectContaining({
      code: 'PLAN_DIFFERS',
      why: expect.stringContaining(given.more ? 'other' : address),
    }),
  );
});
