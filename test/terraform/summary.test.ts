import { expect, test } from 'vitest';
import { parsePlanJson } from '../../src/terraform/plan-json.ts';
import { summarizePlan } from '../../src/terraform/summary.ts';

const about = { stack: '20-services', sha256: 'ab', fixedMonthlyUsd: 9.86 };

function planOf(...changes: readonly object[]) {
  return parsePlanJson(
    JSON.stringify({
      format_version: '1.2',
      resource_changes: changes.map((change, i) => ({ address: `t.r${i}`, type: 't', change })),
    }),
  );
}

test('counts every kind of change, a replacement twice', () => {
  const plan = planOf(
    { actions: ['create'] },
    { actions: ['update'] },
    { actions: ['delete', 'create'] },
    { actions: ['forget'] },
    { actions: ['no-op'], importing: { id: 'x' } },
    { actions: ['no-op'] },
  );
  expect(summarizePlan(plan, about)).toMatchObject({
    ...about,
    add: 2,
    change: 1,
    destroy: 1,
    import: 1,
    forget: 1,
  });
});

test('lists what changes and leaves out what stays', () => {
  const { resources } = summarizePlan(
    planOf({ actions: ['no-op'] }, { actions: ['update'] }),
    about,
  );
  expect(resources).toEqual([{ address: 't.r1', type: 't', actions: ['update'] }]);
});

test('reading a data source changes nothing', () => {
  const read = { address: 'data.t.r', type: 't', mode: 'data', change: { actions: ['read'] } };
  const plan = parsePlanJson(JSON.stringify({ format_version: '1.2', resource_changes: [read] }));
  expect(summarizePlan(plan, about).resources).toEqual([]);
});

test('a plan of another format is refused', () => {
  expect(() => parsePlanJson('{"format_version":"2.0"}')).toThrow('The plan cannot be read');
});
