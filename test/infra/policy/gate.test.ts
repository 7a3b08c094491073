import { expect, test } from 'vitest';
import { gate, rules } from '../../../infra/policy/gate.ts';
import type { PlanJson } from '../../../src/terraform/plan-json.ts';
import { planOf, service, volume } from './plans.ts';
import type { Crafted } from './plans.ts';

const context = {
  project: 'wellness-production',
  regions: ['us-central1'],
  gateways: ['gateway', 'admin'],
  production: true,
};
const run = 'google_cloud_run_v2_service';
const invoker = 'google_cloud_run_v2_service_iam_member';
const reader = 'google_secret_manager_secret_iam_member';
const accessor = { role: 'roles/secretmanager.secretAccessor', secret_id: 'meals-database-url' };
const meals = 'serviceAccount:run-meals@wellness-production.iam.gserviceaccount.com';
const migrator = 'serviceAccount:windlass-migrator@wellness-production.iam.gserviceaccount.com';
const one = (type: string, after: Crafted['after'], more: Partial<Crafted> = {}) =>
  planOf([{ type, after, ...more }]);
const gone = (type: string) => one(type, null, { actions: ['delete'], before: {} });
const made = (parts: Parameters<typeof service>[0]) => one(run, service(parts));
const env = (name: string) =>
  made({ container: { env: [{ name, value: 'x', value_source: [] }] } });
// How the provider keeps a service's name in the state, once it has granted something on it.
const at = (name: string) => `projects/wellness-production/locations/us-central1/services/${name}`;
const project = (role: string) => one('google_project_iam_member', { role, member: meals });

type Case = readonly [rule: string, passes: PlanJson, breaks: PlanJson];

const cases: readonly Case[] = [
  ['complete-plan', planOf([]), planOf([], { errored: true })],
  ['complete-plan', planOf([]), planOf([], { complete: false })],
  ['no-delete', gone('google_project_service'), gone(run)],
  ['no-delete', one(run, null, { actions: ['forget'] }), gone('google_cloud_run_service')],
  ['no-delete', gone(invoker), gone('google_secret_manager_secret')],
  ['no-delete', planOf([]), gone('google_service_account')],
  ['no-delete', planOf([]), gone('google_storage_bucket')],
  ['no-delete', planOf([]), gone('google_sql_database')],
  [
    'no-replace',
    one(run, service(), { actions: ['update'] }),
    one(run, service(), { actions: ['delete', 'create'] }),
  ],
  ['no-replace', made({}), one(run, service(), { actions: ['create', 'delete'] })],
  ['own-project', made({}), made({ top: { project: 'wellness-staging' } })],
  ['known-region', made({}), made({ top: { location: 'europe-west3' } })],
  ['labels', made({}), made({ top: { labels: { environment: 'production' } } })],
  ['labels', made({}), made({ top: { labels: null } })],
  [
    'no-secret-values',
    one('google_secret_manager_secret', { labels: { environment: 'x', 'managed-by': 'y' } }),
    one('google_secret_manager_secret_version', { secret_data: 'x' }),
  ],
  [
    'public-gateway-only',
    one(invoker, { name: 'gateway', role: 'roles/run.invoker', member: 'allUsers' }),
    one(invoker, { name: 'meals', role: 'roles/run.invoker', member: 'allUsers' }),
  ],
  [
    'public-gateway-only',
    one(invoker, { name: 'admin', role: 'roles/run.invoker', member: 'allUsers' }),
    one(invoker, { name: 'admins', role: 'roles/run.invoker', member: 'allUsers' }),
  ],
  [
    'public-gateway-only',
    one(invoker, { name: at('gateway'), role: 'roles/run.invoker', member: 'allUsers' }),
    one(invoker, { name: at('meals'), role: 'roles/run.invoker', member: 'allUsers' }),
  ],
  [
    'public-gateway-only',
    one(invoker, { name: 'meals', role: 'roles/run.invoker', member: meals }),
    one(invoker, { name: 'gateway', role: 'roles/run.admin', member: 'allUsers' }),
  ],
  [
    'public-gateway-only',
    planOf([]),
    one('google_storage_bucket_iam_binding', { role: 'r', members: ['allAuthenticatedUsers'] }),
  ],
  ['no-open-invoker', made({}), made({ top: { invoker_iam_disabled: true } })],
  ['no-primitive-roles', project('roles/run.viewer'), project('roles/editor')],
  ['no-primitive-roles', project('roles/run.admin'), project('roles/owner')],
  ['no-whole-policies', planOf([]), one('google_project_iam_policy', {})],
  ['no-key-files', one('google_service_account', {}), one('google_service_account_key', {})],
  [
    'own-secrets-only',
    one(reader, { ...accessor, member: meals }),
    one(reader, { ...accessor, member: meals.replace('meals', 'habits') }),
  ],
  [
    'own-secrets-only',
    planOf([]),
    one(reader, { ...accessor, secret_id: 'projects/p/secrets/supabase-admin', member: meals }),
  ],
  [
    'own-secrets-only',
    one(reader, { ...accessor, secret_id: 'supabase-migrator', member: migrator }),
    one(reader, { ...accessor, secret_id: 'supabase-migrator', member: meals }),
  ],
  [
    'own-secrets-only',
    planOf([]),
    one(reader, { ...accessor, secret_id: 'supabase-admin', member: migrator }),
  ],
  [
    'no-project-wide-reader',
    project('roles/secretmanager.viewer'),
    project('roles/secretmanager.secretAccessor'),
  ],
  ['no-project-wide-reader', planOf([]), project('roles/iam.serviceAccountUser')],
  ...[
    ...['secretmanager.admin', 'iam.serviceAccountAdmin', 'iam.serviceAccountTokenCreator'],
    ...['iam.serviceAccountKeyAdmin', 'iam.serviceAccountOpenIdTokenCreator', 'iam.securityAdmin'],
    ...['iam.workloadIdentityUser', 'iam.roleAdmin', 'resourcemanager.projectIamAdmin'],
  ].map((role): Case => ['no-project-wide-reader', planOf([]), project(`roles/${role}`)]),
  [
    'no-role-that-opens-all',
    one('google_project_iam_custom_role', { permissions: ['secretmanager.secrets.get'] }),
    one('google_project_iam_custom_role', {
      permissions: ['secretmanager.secrets.get', 'secretmanager.versions.access'],
    }),
  ],
  [
    'no-role-that-opens-all',
    one('google_project_iam_custom_role', { permissions: ['run.services.create'] }),
    one('google_project_iam_custom_role', { permissions: ['iam.serviceAccounts.actAs'] }),
  ],
  ['readable-services', made({}), one(run, { name: 'meals' })],
  ['digest-only', made({}), made({ container: { image: 'registry/meals:latest' } })],
  ['digest-only', made({}), made({ container: { image: undefined } })],
  ['pinned-secrets', made({}), made({ template: { volumes: [volume('latest')] } })],
  ['pinned-secrets', made({}), made({ template: { volumes: [volume()] } })],
  [
    'pinned-secrets',
    made({}),
    made({
      container: {
        env: [{ name: 'X', value_source: [{ secret_key_ref: [{ version: 'latest' }] }] }],
      },
    }),
  ],
  ['own-account', made({}), made({ template: { service_account: undefined } })],
  [
    'own-account',
    made({}),
    made({ template: { service_account: '1-compute@developer.gserviceaccount.com' } }),
  ],
  ['cpu-idle', made({ resources: [] }), made({ resources: [{ cpu_idle: false }] })],
  ['cpu-idle', made({}), made({ resources: [{}] })],
  ['no-plain-secrets', env('MONKEY_URL'), env('API_KEY')],
  ['no-plain-secrets', env('LOG_LEVEL'), env('db_password')],
  ['protected-in-production', made({}), made({ top: { deletion_protection: false } })],
];

test.each(cases)('%s: case %#', (rule, passes, breaks) => {
  expect(gate(passes, context).map((violation) => violation.rule)).toEqual([]);
  expect(gate(breaks, context).map((violation) => violation.rule)).toContain(rule);
});

test('every rule has a passing and a failing case', () => {
  const tried = new Set(cases.map(([rule]) => rule));
  expect(rules.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
});

test('a violation says what, why, how to mend it and where', () => {
  expect(gate(gone(run), context)).toEqual([
    {
      rule: 'no-delete',
      what: expect.stringContaining('deleted'),
      why: expect.any(String),
      fix: expect.any(String),
      at: [`${run}.r0`],
    },
  ]);
});

test('an undo may delete what its own run created, and nothing else', () => {
  const plan = planOf([
    { type: run, after: null, actions: ['delete'], before: {} },
    { type: run, after: null, actions: ['delete'], before: {} },
  ]);
  const [violation] = gate(plan, { ...context, mayDelete: [`${run}.r0`] });
  expect(violation?.at).toEqual([`${run}.r1`]);
});

test('outside production a service may be unprotected', () => {
  const plan = made({ top: { deletion_protection: false } });
  expect(gate(plan, { ...context, production: false })).toEqual([]);
});
