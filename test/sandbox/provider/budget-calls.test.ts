import { expect, test } from 'vitest';
import { openCloud } from '../run/cloud.ts';
import { openRecorder, type RecordedCall } from './recorder.ts';
import { expectCode, openWorkspace } from './terraform.ts';

// What is expected here is what provider 7.45.0 sent to this sandbox for the same configurations.
const PROJECT = '/v1/projects/demo-prod';
const TOPIC = 'projects/demo-prod/topics/budget';
const SUBSCRIPTION = `${PROJECT}/subscriptions/budget`;

const topic = `
resource "google_pubsub_topic" "budget" {
  name = "budget"
}
`;

const subscription = (more = ''): string => `
resource "google_pubsub_subscription" "budget" {
  name  = "budget"
  topic = google_pubsub_topic.budget.name
  ${more}
}
`;

const budget = (units: number, more = ''): string => `
resource "google_billing_budget" "this" {
  billing_account = "012345-6789AB-CDEF01"
  display_name    = "budget"
  amount {
    specified_amount {
      currency_code = "USD"
      units         = "${units}"
    }
  }
  all_updates_rule {
    pubsub_topic = google_pubsub_topic.budget.id
    ${more}
  }
}
`;

const writes = (calls: readonly RecordedCall[]) => calls.filter(({ method }) => method !== 'GET');

const maskOf = ({ path }: RecordedCall): readonly string[] =>
  (new URL(path, 'http://door').searchParams.get('updateMask') ?? '').split(',').sort();

test('a subscription is sent with its unset policies as null, and changed without its topic', async () => {
  await using cloud = await openCloud();
  await using recorder = await openRecorder(cloud.door.url);
  await using work = await openWorkspace(cloud, recorder.origin);
  await work.write(topic + subscription());
  expectCode(await work.apply(), 0);
  const labels = { 'goog-terraform-provisioned': 'true' };
  const policies = { deadLetterPolicy: null, retryPolicy: null };
  const common = { ...policies, labels, messageRetentionDuration: '604800s' };
  expect(recorder.calls).toContainEqual({
    method: 'PUT',
    path: `${SUBSCRIPTION}?alt=json`,
    body: { ...common, expirationPolicy: null, topic: TOPIC },
  });

  recorder.calls.length = 0;
  await work.write(topic + subscription('ack_deadline_seconds = 30'));
  expectCode(await work.apply(), 0);
  const [patch, ...others] = writes(recorder.calls);
  expect(others).toEqual([]);
  expect(patch?.body).toEqual({
    subscription: { ...common, ackDeadlineSeconds: 30, expirationPolicy: { ttl: '2678400s' } },
  });
  expect(patch && maskOf(patch)).toEqual(['ackDeadlineSeconds', 'bigqueryConfig']);
  expectCode(await work.plan(), 0);
});

test('a subscription retries and gives up as it is told', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  const policies = (seconds: string): string => `
    retry_policy {
      minimum_backoff = "${seconds}"
    }
    dead_letter_policy {
      dead_letter_topic     = google_pubsub_topic.budget.id
      max_delivery_attempts = 7
    }`;
  await work.write(topic + subscription(policies('60s')));
  expectCode(await work.apply(), 0);
  expect((await cloud.call('GET', SUBSCRIPTION)).body).toMatchObject({
    retryPolicy: { minimumBackoff: '60s' },
    deadLetterPolicy: { deadLetterTopic: TOPIC, maxDeliveryAttempts: 7 },
  });
  await work.write(topic + subscription(policies('60.0s')));
  expectCode(await work.plan(), 0);
  await work.write(topic + subscription());
  expectCode(await work.apply(), 0);
  expect((await cloud.call('GET', SUBSCRIPTION)).body).not.toHaveProperty('retryPolicy');
  expectCode(await work.plan(), 0);
});

test('a topic that is named bare is known by its path; one of another project is another', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  await work.write(topic + subscription());
  expectCode(await work.apply(), 0);
  const state = await work.state();
  expect(state['google_pubsub_subscription.budget']?.attributes.topic).toBe(TOPIC);
  expectCode(await work.plan(), 0);
  const elsewhere = '"projects/other-project/topics/budget"';
  await work.write(topic + subscription().replace('google_pubsub_topic.budget.name', elsewhere));
  expectCode(await work.plan(), 2);
  expect(await work.actions()).toMatchObject({
    'google_pubsub_subscription.budget': 'delete+create',
  });
});

test('a member under a condition is known by all of the condition', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  await work.write(`${topic}
    resource "google_pubsub_topic_iam_member" "budget" {
      topic  = google_pubsub_topic.budget.name
      role   = "roles/pubsub.publisher"
      member = "user:one@example.com"
      condition {
        title      = "soon over"
        expression = "request.time < timestamp('2030-01-01T00:00:00Z')"
      }
    }`);
  expectCode(await work.apply(), 0);
  const { id } = (await work.state())['google_pubsub_topic_iam_member.budget']?.attributes ?? {};
  const member = `${TOPIC}/roles/pubsub.publisher/user:one@example.com`;
  const expression = "request.time < timestamp('2030-01-01T00:00:00Z')";
  expect(id).toBe(`${member}/soon over//${expression}`);
  expectCode(await work.plan(), 0);
});

test('the parts of a budget are named one by one in the mask', async () => {
  await using cloud = await openCloud();
  await using recorder = await openRecorder(cloud.door.url);
  await using work = await openWorkspace(cloud, recorder.origin);
  await work.write(topic + budget(100));
  expectCode(await work.apply(), 0);

  recorder.calls.length = 0;
  await work.write(topic + budget(150));
  expectCode(await work.apply(), 0);
  expect(writes(recorder.calls).flatMap(maskOf)).toEqual([
    'amount.specifiedAmount.currencyCode',
    'amount.specifiedAmount.nanos',
    'amount.specifiedAmount.units',
  ]);

  recorder.calls.length = 0;
  await work.write(topic + budget(150, 'disable_default_iam_recipients = true'));
  expectCode(await work.apply(), 0);
  expect(writes(recorder.calls).flatMap(maskOf)).toEqual([
    'notificationsRule.disableDefaultIamRecipients',
    'notificationsRule.enableProjectLevelRecipients',
    'notificationsRule.monitoringNotificationChannels',
    'notificationsRule.pubsubTopic',
    'notificationsRule.schemaVersion',
  ]);
  expectCode(await work.plan(), 0);
});

test('only the policy of a secret is asked for by its version', async () => {
  await using cloud = await openCloud();
  await using recorder = await openRecorder(cloud.door.url);
  await using work = await openWorkspace(cloud, recorder.origin);
  await work.write(`${topic}
    resource "google_secret_manager_secret" "one" {
      secret_id = "one"
      replication {
        auto {}
      }
    }
    resource "google_artifact_registry_repository" "images" {
      location      = "us-central1"
      repository_id = "images"
      format        = "DOCKER"
    }
    resource "google_secret_manager_secret_iam_member" "one" {
      secret_id = google_secret_manager_secret.one.id
      role      = "roles/secretmanager.viewer"
      member    = "user:one@example.com"
    }
    resource "google_artifact_registry_repository_iam_member" "images" {
      repository = google_artifact_registry_repository.images.name
      role       = "roles/artifactregistry.reader"
      member     = "user:one@example.com"
    }
    resource "google_pubsub_topic_iam_member" "budget" {
      topic  = google_pubsub_topic.budget.name
      role   = "roles/pubsub.publisher"
      member = "user:one@example.com"
    }`);
  expectCode(await work.apply(), 0);
  const asked = recorder.calls.map(({ path }) => path).filter((path) => path.includes(':getIam'));
  expect([...new Set(asked)].sort()).toEqual([
    `${PROJECT}/locations/us-central1/repositories/images:getIamPolicy?alt=json`,
    `${PROJECT}/secrets/one:getIamPolicy?alt=json&options.requestedPolicyVersion=3`,
    `/v1/${TOPIC}:getIamPolicy?alt=json`,
  ]);
});
