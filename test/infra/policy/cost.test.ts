import { expect, test } from 'vitest';
import { costVerdict } from '../../../infra/policy/cost-verdict.ts';
import { estimateCost } from '../../../infra/policy/cost.ts';
import { planOf, service } from './plans.ts';

const run = 'google_cloud_run_v2_service';
const warm = (count: number, parts: Parameters<typeof service>[0] = {}) =>
  Array.from({ length: count }, () => ({ type: run, after: service({ min: 1, ...parts }) }));
const idle = (count: number) =>
  Array.from({ length: count }, () => ({ type: run, after: service() }));
const secrets = (count: number) =>
  Array.from({ length: count }, () => ({ type: 'google_secret_manager_secret', after: {} }));
const always = { resources: [{ cpu_idle: false, limits: { cpu: '1', memory: '512Mi' } }] };
const silent = { resources: [{ limits: { cpu: '1', memory: '512Mi' } }] };
const absent = { resources: [] };
const tier2 = { top: { location: 'europe-west3' } };

const known = [
  ['one warm instance of 1 vCPU and 512 MiB', warm(1), 9.86],
  ['8 warm', warm(8), 78.84],
  ['8 warm with 256 MiB', warm(8, { memory: '256Mi' }), 65.7],
  ['8 warm with cpu_idle = false', warm(8, always), 399.46],
  ['8 warm whose resources are silent about cpu_idle', warm(8, silent), 399.46],
  ['8 warm without a resources block', warm(8, absent), 78.84],
  ['8 warm in tier 2', warm(8, tier2), 110.38],
  ['the default catalog: 3 warm, 5 idle', [...warm(3), ...idle(5)], 29.57],
  ['24 secrets, six of them free', secrets(24), 1.08],
  ['six secrets', secrets(6), 0],
  ['nothing warm', idle(8), 0],
] as const;

test.each(known)('%s', (_name, changes, usd) => {
  expect(estimateCost(planOf(changes))).toMatchObject({ fixed: usd, delta: usd, unknown: [] });
});

test('min instances in the template count as well, the larger of the two', () => {
  const template = { scaling: [{ min_instance_count: 2 }] };
  expect(estimateCost(planOf(warm(1, { template }))).fixed).toBe(19.71);
});

test('the change of a bill is told apart from the bill', () => {
  const update = { type: run, actions: ['update'], before: service(), after: service({ min: 1 }) };
  const kept = {
    type: run,
    actions: ['no-op'],
    before: service({ min: 1 }),
    after: service({ min: 1 }),
  };
  expect(estimateCost(planOf([update, kept]))).toMatchObject({ fixed: 19.71, delta: 9.86 });
});

test('an import changes no bill', () => {
  const imported = {
    type: run,
    actions: ['no-op'],
    after: service({ min: 1 }),
    importing: { id: 'x' },
  };
  expect(estimateCost(planOf([imported]))).toMatchObject({ fixed: 9.86, delta: 0 });
});

test('what is deleted costs nothing any more', () => {
  const gone = { type: run, actions: ['delete'], before: service({ min: 1 }), after: null };
  expect(estimateCost(planOf([gone]))).toMatchObject({ fixed: 0, delta: -9.86, usage: [] });
});

test.each([
  ['an unknown region', service({ min: 1, top: { location: 'mars-north1' } })],
  ['an instance-based rate that the table lacks', service({ min: 1, ...tier2, ...always })],
  ['memory in an odd unit', service({ min: 1, memory: '1G' })],
  ['a service that is not known before the apply', {}],
])('%s is unknown and never a number', (_name, after) => {
  const estimate = estimateCost(planOf([{ type: run, after }]));
  expect(estimate).toMatchObject({ fixed: 0, unknown: [{ address: `${run}.r0` }] });
});

test('a type that the table does not know is unknown', () => {
  const { unknown } = estimateCost(planOf([{ type: 'google_sql_database_instance', after: {} }]));
  expect(unknown).toHaveLength(1);
});

test('use is listed apart, without a sum', () => {
  const repository = { type: 'google_artifact_registry_repository', after: {} };
  const { fixed, usage } = estimateCost(planOf([...idle(1), repository]));
  expect(fixed).toBe(0);
  expect(usage.map(({ text }) => text)).toEqual([
    expect.stringContaining('$24.00 vCPU-seconds'),
    expect.stringContaining('0.1 per GiB'),
  ]);
});

test.each([
  [warm(7), 'fine'],
  [warm(8), 'approve'],
  [warm(11), 'refuse'],
  [[...warm(1), { type: 'google_sql_database_instance', after: {} }], 'approve'],
] as const)('limits of 75 and 100 dollars: case %#', (changes, verdict) => {
  const estimate = estimateCost(planOf(changes));
  expect(costVerdict([estimate], { approveAbove: 75, refuseAbove: 100 }).verdict).toBe(verdict);
});
