import { describe, expect, test } from 'vitest';
import { judgeMigration } from '../../../infra/policy/migration-rules.ts';
import { planOf, service } from './plans.ts';
import type { Crafted } from './plans.ts';

const path = 'projects/wellness-production/locations/us-central1/services/meals';
const forgotten = (type: string): Crafted => ({
  ...{ type, actions: ['forget'], before: { name: 'meals' }, after: null },
});
const old = forgotten('google_cloud_run_service');
const oldMember = forgotten('google_cloud_run_service_iam_member');
const taken: Crafted = {
  ...{ type: 'google_cloud_run_v2_service', actions: ['no-op'], importing: { id: path } },
  ...{ before: service(), after: service() },
};
const grant = { role: 'roles/run.invoker', member: 'serviceAccount:run-gateway@x' };
const member: Crafted = {
  ...{ type: 'google_cloud_run_v2_service_iam_member', actions: ['no-op'] },
  ...{ importing: { id: `${path} roles/run.invoker x` }, before: grant, after: grant },
};
const updated = (after: ReturnType<typeof service>): Crafted => ({
  ...{ ...taken, actions: ['update'], after },
});

const before = {
  addresses: ['google_cloud_run_service.r0', 'google_cloud_run_service_iam_member.r1'],
  services: ['meals'],
};
const judged = (changes: readonly Crafted[], more = {}) =>
  judgeMigration(planOf(changes, more), before).map(({ rule }) => rule);

describe('a clean migration', () => {
  test('forgets and imports everything', () => {
    expect(judged([old, oldMember, taken, member])).toEqual([]);
  });

  test.each([
    ['the startup boost', service({ resources: [boost(false)] })],
    ['labels', service({ top: { labels: { environment: 'production' } } })],
    ['service-level scaling', service({ min: 1 })],
    ['the protection', service({ top: { deletion_protection: false } })],
    ['a liveness probe', service({ container: { liveness_probe: [{ period_seconds: 30 }] } })],
  ])('may change %s', (_what, after) => {
    expect(judged([old, oldMember, updated(after), member])).toEqual([]);
  });
});

const dirty: readonly (readonly [string, string, readonly Crafted[]])[] = [
  [
    'has no removed block, so that the old address is deleted',
    'migrate-nothing-deleted',
    [{ ...old, actions: ['delete'] }, oldMember, taken, member],
  ],
  ['leaves a v1 address out', 'migrate-v1-forgotten', [old, taken, member]],
  [
    'keeps a v1 address',
    'migrate-v1-forgotten',
    [{ ...old, actions: ['no-op'], after: { name: 'meals' } }, oldMember, taken, member],
  ],
  [
    'renames the service, so that another one is created',
    'migrate-same-services',
    [old, oldMember, { ...created(taken), after: service({ top: { name: 'dinners' } }) }, member],
  ],
  ['creates the service anew', 'migrate-v2-imported', [old, oldMember, created(taken), member]],
  ['creates a member anew', 'migrate-v2-imported', [old, oldMember, taken, created(member)]],
  [
    'replaces what it imports',
    'migrate-nothing-deleted',
    [old, oldMember, { ...taken, actions: ['delete', 'create'] }, member],
  ],
  [
    'runs another image',
    'migrate-v2-imported',
    [old, oldMember, updated(service({ container: { image: 'other@sha256:0' } })), member],
  ],
  [
    'runs as another account',
    'migrate-v2-imported',
    [old, oldMember, updated(service({ template: { service_account: 'run-x@y' } })), member],
  ],
  [
    'lets the CPU be paid for around the clock',
    'migrate-v2-imported',
    [
      old,
      oldMember,
      updated(service({ resources: [{ ...boost(true), cpu_idle: false }] })),
      member,
    ],
  ],
  [
    'touches something else as well',
    'migrate-nothing-else',
    [old, oldMember, taken, member, { type: 'google_service_account', after: {} }],
  ],
];

test.each(dirty)('a migration that %s is refused', (_what, rule, changes) => {
  expect(judged(changes)).toContain(rule);
});

test('a plan that is not whole is refused', () => {
  expect(judged([old, oldMember, taken, member], { complete: false })).toEqual(['migrate-whole']);
});

function created(change: Crafted): Crafted {
  const { importing: _import, ...rest } = change;
  return { ...rest, actions: ['create'], before: null };
}

function boost(startup_cpu_boost: boolean) {
  return { cpu_idle: true, startup_cpu_boost, limits: { cpu: '1', memory: '512Mi' } };
}
