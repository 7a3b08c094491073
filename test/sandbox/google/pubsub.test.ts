import { expect, test } from 'vitest';
import { mintAccessToken } from '../../../sandbox/google/tokens.ts';
import { openSandbox, PROJECT, type TestSandbox } from './sandbox.ts';

const P = `/v1/projects/${PROJECT}`;
const TOPIC = `projects/${PROJECT}/topics/budget`;
const SUBSCRIPTION = `projects/${PROJECT}/subscriptions/budget`;
const BUDGETS = '/v1/billingAccounts/000000-000000-000000/budgets';
const PUBLISHER = 'serviceAccount:billing-budget-alert@system.gserviceaccount.com';

const encoded = (text: string) => Buffer.from(text).toString('base64');

async function withSubscription(): Promise<TestSandbox> {
  const sandbox = await openSandbox();
  sandbox.world.profile.set({ name: 'zero', iamSpreadMs: 0 });
  await sandbox.call('PUT', `/v1/${TOPIC}`, { labels: { a: 'b' } });
  const wanted = { topic: TOPIC, ackDeadlineSeconds: 60, expirationPolicy: {} };
  await sandbox.call('PUT', `/v1/${SUBSCRIPTION}`, wanted);
  return sandbox;
}

const publish = (sandbox: TestSandbox, ...texts: readonly string[]) => {
  const messages = texts.map((text) => ({ data: encoded(text), attributes: { of: text } }));
  return sandbox.call('POST', `/v1/${TOPIC}:publish`, { messages });
};

async function pull(sandbox: TestSandbox): Promise<readonly { ackId: string; text: string }[]> {
  const { body } = await sandbox.call('POST', `/v1/${SUBSCRIPTION}:pull`, { maxMessages: 10 });
  return (body.receivedMessages ?? []).map(
    ({ ackId, message }: { ackId: string; message: { data: string } }) => ({
      ...{ ackId, text: String(Buffer.from(message.data, 'base64')) },
    }),
  );
}

test('what is not acknowledged before its deadline comes again, what is comes no more', async () => {
  const sandbox = await withSubscription();
  await publish(sandbox, 'one', 'two');
  const first = await pull(sandbox);
  expect(first.map(({ text }) => text)).toEqual(['one', 'two']);
  expect(await pull(sandbox)).toEqual([]);
  const ackIds = first.slice(0, 1).map(({ ackId }) => ackId);
  await sandbox.call('POST', `/v1/${SUBSCRIPTION}:acknowledge`, { ackIds });
  sandbox.pass(60_000);
  const again = await pull(sandbox);
  expect(again.map(({ text }) => text)).toEqual(['two']);
  const late = { ackIds: first.map(({ ackId }) => ackId) };
  await sandbox.call('POST', `/v1/${SUBSCRIPTION}:acknowledge`, late);
  sandbox.pass(60_000);
  expect((await pull(sandbox)).map(({ text }) => text)).toEqual(['two']);
});

test('a lease can be prolonged and given back', async () => {
  const sandbox = await withSubscription();
  await publish(sandbox, 'one');
  const ackIds = (await pull(sandbox)).map(({ ackId }) => ackId);
  const move = (ackDeadlineSeconds: number) =>
    sandbox.call('POST', `/v1/${SUBSCRIPTION}:modifyAckDeadline`, { ackIds, ackDeadlineSeconds });
  await move(600);
  sandbox.pass(60_000);
  expect(await pull(sandbox)).toEqual([]);
  await move(0);
  expect(await pull(sandbox)).toHaveLength(1);
});

test('a message waits as long as the subscription says, and only where one was there', async () => {
  const sandbox = await withSubscription();
  await publish(sandbox, 'old');
  sandbox.pass(6 * 86_400_000);
  await publish(sandbox, 'young');
  sandbox.pass(2 * 86_400_000);
  expect((await pull(sandbox)).map(({ text }) => text)).toEqual(['young']);
  await sandbox.call('DELETE', `/v1/${SUBSCRIPTION}`);
  await publish(sandbox, 'lost');
  await sandbox.call('PUT', `/v1/${SUBSCRIPTION}`, { topic: TOPIC });
  expect(await pull(sandbox)).toEqual([]);
});

test('a subscription has Google’s defaults and changes by the mask of query or body', async () => {
  const sandbox = await withSubscription();
  const bare = `/v1/projects/${PROJECT}/subscriptions/bare`;
  expect((await sandbox.call('PUT', bare, { topic: TOPIC })).body).toMatchObject({
    ...{ ackDeadlineSeconds: 10, messageRetentionDuration: '604800s', state: 'ACTIVE' },
    expirationPolicy: { ttl: '2678400s' },
  });
  const subscription = { ackDeadlineSeconds: 20, labels: { a: 'b' } };
  const inQuery = `${bare}?updateMask=ackDeadlineSeconds`;
  const changed = await sandbox.call('PATCH', inQuery, { subscription });
  expect(changed.body).toMatchObject({ ackDeadlineSeconds: 20 });
  expect(changed.body.labels).toBeUndefined();
  const inBody = { subscription, updateMask: 'labels' };
  expect((await sandbox.call('PATCH', bare, inBody)).body.labels).toEqual({ a: 'b' });
  expect((await sandbox.call('GET', `${P}/subscriptions`)).body.subscriptions).toHaveLength(2);
  expect((await sandbox.call('GET', `/v1/${SUBSCRIPTION}`)).body.expirationPolicy).toEqual({});
});

test('a field that is sent as null is unset, as the real provider sends its policies', async () => {
  const sandbox = await withSubscription();
  const sent = `/v1/projects/${PROJECT}/subscriptions/sent`;
  const nothing = { deadLetterPolicy: null, expirationPolicy: null, retryPolicy: null };
  const made = await sandbox.call('PUT', sent, { topic: TOPIC, ...nothing });
  expect(made.body).toMatchObject({ expirationPolicy: { ttl: '2678400s' } });
  expect(Object.values(made.body)).not.toContain(null);
  const subscription = { ackDeadlineSeconds: 20, ...nothing };
  const mask = `${sent}?updateMask=ackDeadlineSeconds,expirationPolicy`;
  const changed = await sandbox.call('PATCH', mask, { subscription });
  expect(changed.body).toEqual({ ...made.body, ackDeadlineSeconds: 20 });
  const topic = await sandbox.call('PUT', `/v1/${TOPIC}-2`, { kmsKeyName: null });
  expect(topic.body).toEqual({ name: `${TOPIC}-2` });
});

test('without its topic a subscription stays and says so; a second of one name is refused', async () => {
  const sandbox = await withSubscription();
  expect(await sandbox.call('PUT', `/v1/${TOPIC}`, {})).toMatchObject({
    ...{ status: 409, body: { error: { status: 'ALREADY_EXISTS' } } },
  });
  await sandbox.call('DELETE', `/v1/${TOPIC}`);
  expect((await sandbox.call('GET', `/v1/${SUBSCRIPTION}`)).body.topic).toBe('_deleted-topic_');
  const other = `/v1/projects/${PROJECT}/subscriptions/other`;
  expect(await sandbox.call('PUT', other, { topic: TOPIC })).toMatchObject({
    status: 404,
    body: { error: { message: 'Resource not found (resource=budget).', status: 'NOT_FOUND' } },
  });
  expect(await sandbox.call('POST', `${other}:pull`, { maxMessages: 1 })).toMatchObject({
    status: 404,
  });
});

test.each([
  ['roles/pubsub.viewer', ['GET']],
  ['roles/pubsub.subscriber', ['pull']],
  ['roles/pubsub.publisher', ['publish']],
  ['roles/pubsub.admin', ['GET', 'pull', 'publish', 'setIamPolicy']],
])('%s may %s and no more', async (role, allowed) => {
  const sandbox = await withSubscription();
  const { body } = await sandbox.call('POST', `${P}/serviceAccounts`, { accountId: 'deployer' });
  const bindings = [{ role, members: [`serviceAccount:${body.email}`] }];
  await sandbox.call('POST', `${P}:setIamPolicy`, { policy: { bindings } });
  const as = mintAccessToken(sandbox.world, body.email).accessToken;
  const message = { messages: [{ data: encoded('x') }] };
  const tried = {
    GET: await sandbox.call('GET', `/v1/${TOPIC}`, undefined, as),
    pull: await sandbox.call('POST', `/v1/${SUBSCRIPTION}:pull`, { maxMessages: 1 }, as),
    publish: await sandbox.call('POST', `/v1/${TOPIC}:publish`, message, as),
    setIamPolicy: await sandbox.call('POST', `/v1/${TOPIC}:setIamPolicy`, { policy: {} }, as),
  };
  const passed = Object.entries(tried).filter(([, { status }]) => status === 200);
  expect(passed.map(([verb]) => verb)).toEqual(allowed);
  for (const { status } of Object.values(tried)) expect([200, 403]).toContain(status);
});

const budget = (number: string) => ({
  displayName: 'production',
  budgetFilter: { projects: [`projects/${number}`] },
  amount: { specifiedAmount: { currencyCode: 'USD', units: '100' } },
  thresholdRules: [
    { thresholdPercent: 0.5 },
    { thresholdPercent: 0.75, spendBasis: 'CURRENT_SPEND' },
    { thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND' },
  ],
  notificationsRule: { pubsubTopic: TOPIC, schemaVersion: '1.0' },
});

test('a budget lets itself publish to its topic, and is refused where that is not there', async () => {
  const sandbox = await openSandbox();
  const refused = await sandbox.call('POST', BUDGETS, budget('1'));
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: 'Request contains an invalid argument.' } },
  });
  await sandbox.call('PUT', `/v1/${TOPIC}`, {});
  const { body } = await sandbox.call('POST', BUDGETS, budget('1'));
  await sandbox.call('PATCH', `/v1/${body.name}?updateMask=displayName`, { displayName: 'two' });
  const policy = await sandbox.call('GET', `/v1/${TOPIC}:getIamPolicy`);
  expect(policy.body.bindings).toEqual([{ role: 'roles/pubsub.publisher', members: [PUBLISHER] }]);
});

test('a budget says what was spent whether or not a threshold was exceeded', async () => {
  const sandbox = await withSubscription();
  const { body: project } = await sandbox.call('GET', P);
  const { body: made } = await sandbox.call('POST', BUDGETS, budget(project.projectNumber));
  for (const spent of [{ amount: 50 }, { amount: 78.1 }, { amount: 80, forecast: 120 }])
    await sandbox.call('POST', '/_sandbox/spend', { project: PROJECT, ...spent });
  const { body } = await sandbox.call('POST', `/v1/${SUBSCRIPTION}:pull`, { maxMessages: 10 });
  expect(body.receivedMessages[0].message.attributes).toEqual({
    billingAccountId: '000000-000000-000000',
    budgetId: made.name.split('/').at(-1),
    schemaVersion: '1.0',
  });
  const said = body.receivedMessages.map(({ message }: { message: { data: string } }) =>
    JSON.parse(String(Buffer.from(message.data, 'base64'))),
  );
  const common = { budgetDisplayName: 'production', budgetAmount: 100, currencyCode: 'USD' };
  const kind = { budgetAmountType: 'SPECIFIED_AMOUNT' };
  const costIntervalStart = expect.stringMatching(/^\d{4}-\d{2}-01T0[78]:00:00Z$/);
  const always = { ...common, ...kind, costIntervalStart };
  expect(said).toEqual([
    { ...always, costAmount: 50 },
    { ...always, costAmount: 78.1, alertThresholdExceeded: 0.75 },
    { ...always, costAmount: 80, alertThresholdExceeded: 0.75, forecastThresholdExceeded: 1 },
  ]);
});

test('where no budget has a topic there is nothing to spend', async () => {
  const sandbox = await openSandbox();
  const spent = await sandbox.call('POST', '/_sandbox/spend', { project: PROJECT, amount: 1 });
  expect(spent.status).toBe(404);
});
