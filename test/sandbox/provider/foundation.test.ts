import { expect, test } from 'vitest';
import { openCloud } from '../run/cloud.ts';
import { foundation } from './foundation.ts';
import { expectCode, openWorkspace, type StateResource } from './terraform.ts';

const account = 'run-users@demo-prod.iam.gserviceaccount.com';

test('a foundation is created, planned as unchanged, changed in place and destroyed', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  await work.write(foundation);
  expectCode(await work.terraform('validate'), 0);
  expectCode(await work.apply(), 0);
  expectCode(await work.plan(), 0);

  expectCode(await work.plan('-var=title=second'), 2);
  const changed = Object.entries(await work.actions()).filter(([, action]) => action !== 'no-op');
  expect(Object.fromEntries(changed)).toEqual({
    'google_artifact_registry_repository.images': 'update',
    'google_billing_budget.all': 'update',
    'google_iam_workload_identity_pool.ci': 'update',
    'google_iam_workload_identity_pool_provider.ci': 'update',
    'google_monitoring_notification_channel.mail': 'update',
    'google_pubsub_subscription.budget': 'update',
    'google_pubsub_topic.budget': 'update',
    'google_secret_manager_secret.db': 'update',
    'google_service_account.users': 'update',
    'google_storage_bucket.files': 'update',
  });
  expectCode(await work.terraform('apply', 'plan'), 0);
  expectCode(await work.plan('-var=title=second'), 0);
  const { body } = await cloud.call('GET', `/v1/projects/demo-prod/serviceAccounts/${account}`);
  expect(body.displayName).toBe('second');

  expectCode(await work.apply('-destroy', '-var=title=second'), 0);
  expect(await cloud.call('GET', '/v1/projects/demo-prod/secrets/users-database')).toMatchObject({
    status: 404,
  });
});

test('all of a foundation can be taken over; only what the cloud cannot know is still to be set', async () => {
  await using cloud = await openCloud();
  await using made = await openWorkspace(cloud);
  await made.write(foundation);
  expectCode(await made.apply(), 0);
  const there = Object.entries(await made.state());

  await using work = await openWorkspace(cloud);
  await work.write(`${foundation}${there.map(importBlock).join('')}`);
  expectCode(await work.plan(), 2);
  const actions = Object.entries(await work.actions());
  expect(actions).toHaveLength(there.length);
  expect(Object.fromEntries(actions.filter(([, action]) => action !== 'import no-op'))).toEqual({
    'google_artifact_registry_repository.images': 'import update',
    'google_pubsub_subscription.budget': 'import update',
    'google_pubsub_topic.budget': 'import update',
    'google_secret_manager_secret.db': 'import update',
    'google_storage_bucket.files': 'import update',
  });
  expectCode(await work.terraform('apply', 'plan'), 0);
  expectCode(await work.plan(), 0);
  expect(ids(await work.state())).toEqual(ids(await made.state()));
});

function importBlock([to, { attributes }]: readonly [string, StateResource]): string {
  const grant = `${attributes.role} ${attributes.member}`;
  const owner = attributes.id.slice(0, attributes.id.indexOf(`/${attributes.role}/`));
  const id = attributes.role === undefined ? attributes.id : `${owner} ${grant}`;
  return `import {\n  to = ${to}\n  id = "${id}"\n}\n`;
}

const ids = (state: Readonly<Record<string, StateResource>>) =>
  Object.fromEntries(
    Object.entries(state).map(([address, { attributes }]) => [address, attributes.id]),
  );
