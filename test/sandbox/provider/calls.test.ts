import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCloud } from '../run/cloud.ts';
import { expectCode, openWorkspace, provider } from './terraform.ts';

const secret = (more = ''): string => `
resource "google_secret_manager_secret" "one" {
  secret_id = "one"
  ${more}
  replication {
    auto {}
  }
}
`;

const SECRET = '/v1/projects/demo-prod/secrets/one';

test('a passing failure is tried again; what another wrote into a policy meanwhile is kept', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  await work.write(secret());
  await cloud.call('PUT', '/_sandbox/faults/http', { method: 'POST', status: 503, times: 1 });
  expectCode(await work.apply(), 0);

  await work.write(`${secret()}
    resource "google_secret_manager_secret_iam_member" "all" {
      for_each  = toset(["one", "two", "three"])
      secret_id = google_secret_manager_secret.one.secret_id
      role      = "roles/secretmanager.viewer"
      member    = "user:\${each.key}@example.com"
    }`);
  const binding = { role: 'roles/secretmanager.admin', members: ['user:other@example.com'] };
  await cloud.call('POST', `${SECRET}:setIamPolicy`, { policy: { bindings: [binding] } });
  await cloud.call('PUT', '/_sandbox/faults/http', { method: 'POST', status: 409, times: 1 });
  expectCode(await work.apply(), 0);
  const { body } = await cloud.call('GET', `${SECRET}:getIamPolicy`);
  const viewers = ['user:one@example.com', 'user:three@example.com', 'user:two@example.com'];
  expect(body.bindings).toHaveLength(2);
  expect(body.bindings).toEqual(
    expect.arrayContaining([binding, { role: 'roles/secretmanager.viewer', members: viewers }]),
  );
});

test('a refusal for good is shown in the words of the cloud', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  await work.write(secret());
  await cloud.call('PUT', '/_sandbox/faults/http', {
    method: 'POST',
    status: 400,
    body: { error: { code: 400, message: 'Replication is not to our liking.', status: 'X' } },
  });
  const run = await work.apply();
  expectCode(run, 1);
  expect(run.output).toContain('Error 400: Replication is not to our liking.');
});

test('an answer that was lost ends as in the real provider: exists already', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  await work.write(secret());
  await cloud.call('PUT', '/_sandbox/faults/ack-lost', { method: 'POST', times: 1 });
  const run = await work.apply();
  expectCode(run, 1);
  expect(run.output).toContain('Error 409');
});

test('labels of others stay; those of the provider block and a changed one are set', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  await work.write(secret('labels = { team = "one" }'));
  expectCode(await work.apply(), 0);
  const made = await cloud.call('GET', SECRET);
  expect(made.body.labels).toEqual({ team: 'one', 'goog-terraform-provisioned': 'true' });
  const labels = { ...made.body.labels, owner: 'ops' };
  await cloud.call('PATCH', `${SECRET}?updateMask=labels`, { labels });
  expectCode(await work.plan(), 0);
  await work.write(secret('labels = { team = "two" }'));
  expectCode(await work.apply(), 0);
  const changed = await cloud.call('GET', SECRET);
  expect(changed.body.labels).toEqual({ ...labels, team: 'two' });
  expectCode(await work.plan(), 0);
});

test('PREVENT refuses a deletion and ABANDON only forgets', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  await work.write(secret('deletion_policy = "PREVENT"'));
  expectCode(await work.apply(), 0);
  const refused = await work.apply('-destroy');
  expectCode(refused, 1);
  expect(refused.output).toContain('PREVENT');
  await work.write(secret('deletion_policy = "ABANDON"'));
  expectCode(await work.apply(), 0);
  expectCode(await work.apply('-destroy'), 0);
  expect((await cloud.call('GET', SECRET)).status).toBe(200);
});

test('two runs of Terraform through one provider keep their own projects', async () => {
  await using cloud = await openCloud();
  await using work = await openWorkspace(cloud);
  const asks = (project: string) =>
    `${provider.replace('"demo-prod"', `"${project}"`)}
    data "google_client_config" "this" {}
    output "p" { value = data.google_client_config.this.project }`;
  const runs = ['first-project', 'second-project'].map(async (project) => {
    const folder = join(work.folder, project);
    await mkdir(folder);
    await writeFile(join(folder, 'main.tf'), asks(project));
    return work.terraform(`-chdir=${folder}`, 'plan', '-input=false');
  });
  const [first, second] = await Promise.all(runs);
  expect(first?.output).toContain('p = "first-project"');
  expect(second?.output).toContain('p = "second-project"');
});
