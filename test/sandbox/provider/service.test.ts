import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, openCloud, PARENT, prepare, pushImage, serving } from '../run/cloud.ts';
import { expectCode, openWorkspace, type Workspace } from './terraform.ts';

const SERVICE = `${PARENT}/services/users`;
const users = 'google_cloud_run_v2_service.users';
let cloud: Cloud;
let image: string;
let broken: string;

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  image = await pushImage(cloud, serving('"hello"'));
  broken = await pushImage(cloud, 'console.log("no"); process.exit(1);');
});
afterAll(() => cloud[Symbol.asyncDispose]());

interface Options {
  readonly name?: string;
  readonly image?: string;
  readonly cpu?: string;
  readonly more?: string;
}

const service = (options: Options = {}): string => `
resource "google_cloud_run_v2_service" "users" {
  name     = "${options.name ?? 'users'}"
  location = "us-central1"
  labels   = { team = "one" }
  ${options.more ?? ''}
  scaling {
    max_instance_count = 2
  }
  template {
    service_account = "run-users@demo-prod.iam.gserviceaccount.com"
    timeout         = "60s"
    containers {
      image = "${options.image ?? image}"
      ports {
        container_port = 8080
      }
      resources {
        cpu_idle          = true
        startup_cpu_boost = true
        limits            = { cpu = "${options.cpu ?? '1'}", memory = "512Mi" }
      }
      env {
        name  = "GREETING"
        value = "hello"
      }
      startup_probe {
        period_seconds    = 1
        failure_threshold = 5
        http_get {
          path = "/healthz"
          port = 8080
        }
      }
      liveness_probe {
        http_get {
          path = "/healthz"
          port = 8080
        }
      }
    }
  }
  timeouts {
    create = "1m"
  }
  lifecycle {
    ignore_changes = [client, client_version, template[0].revision, template[0].labels]
  }
}
resource "google_cloud_run_v2_service_iam_member" "public" {
  location = google_cloud_run_v2_service.users.location
  name     = google_cloud_run_v2_service.users.name
  role     = "roles/run.invoker"
  member   = "allUsers"
}
`;

async function deployed(work: Workspace): Promise<void> {
  await work.write(service());
  expectCode(await work.apply(), 0);
}

async function removed(work: Workspace, options: Options = {}): Promise<void> {
  await work.write(service({ ...options, more: 'deletion_protection = false' }));
  expectCode(await work.apply(), 0);
  expectCode(await work.apply('-destroy'), 0);
  expect(await cloud.call('GET', `/v2/${SERVICE}`)).toMatchObject({ status: 404 });
}

test('a service is created, left alone, changed in place, and destroyed once unprotected', async () => {
  await using work = await openWorkspace(cloud);
  await deployed(work);
  expectCode(await work.plan(), 0);
  expect((await work.state())[users]?.attributes).toMatchObject({
    id: SERVICE,
    deletion_protection: true,
    deletion_policy: 'DELETE',
    terraform_labels: { team: 'one', 'goog-terraform-provisioned': 'true' },
    terminal_condition: [{ type: 'Ready', state: 'CONDITION_SUCCEEDED' }],
  });

  await work.write(service({ cpu: '2' }));
  expectCode(await work.plan(), 2);
  expect(await work.actions()).toMatchObject({ [users]: 'update' });
  expectCode(await work.terraform('apply', 'plan'), 0);
  expectCode(await work.plan(), 0);
  const { body } = await cloud.call('GET', `/v2/${SERVICE}`);
  expect(body.template.containers[0].resources.limits.cpu).toBe('2');

  const refused = await work.apply('-destroy');
  expect(refused.code).toBe(1);
  expect(refused.output).toContain('without setting deletion_protection=false');
  await removed(work);
});

test('traffic that the Run API pinned stays pinned through an apply, and the next plan is empty', async () => {
  await using work = await openWorkspace(cloud);
  await deployed(work);
  const { body } = await cloud.call('GET', `/v2/${SERVICE}`);
  const revision = body.latestReadyRevision.split('/').at(-1);
  const traffic = [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision, percent: 100 }];
  await cloud.done('PATCH', `/v2/${SERVICE}?updateMask=traffic`, { ...body, traffic });
  expectCode(await work.plan(), 0);

  await work.write(service({ cpu: '2' }));
  expectCode(await work.apply(), 0);
  expectCode(await work.plan(), 0);
  const after = await cloud.call('GET', `/v2/${SERVICE}`);
  expect(after.body.traffic).toEqual(traffic);
  expect(after.body.latestReadyRevision).not.toBe(body.latestReadyRevision);
  await removed(work);
});

test('another name is planned as a replacement', async () => {
  await using work = await openWorkspace(cloud);
  await deployed(work);
  await work.write(service({ name: 'people' }));
  expectCode(await work.plan(), 2);
  expect(await work.actions()).toEqual({
    [users]: 'delete+create',
    'google_cloud_run_v2_service_iam_member.public': 'delete+create',
  });
  await removed(work);
});

test('a first revision that fails leaves a tainted service, which protection keeps from replacement', async () => {
  await using work = await openWorkspace(cloud);
  await work.write(service({ image: broken }));
  const failed = await work.apply();
  expect(failed.code).toBe(1);
  expect(failed.output).toContain('Error waiting to create');
  expect((await work.state())[users]).toMatchObject({
    status: 'tainted',
    attributes: { id: SERVICE, deletion_protection: true },
  });
  await work.write(service());
  expectCode(await work.apply(), 1);
  expectCode(await work.terraform('untaint', users), 0);
  expectCode(await work.apply(), 0);
  expectCode(await work.plan(), 0);
  await removed(work);
});

test('a revision that fails later leaves no taint', async () => {
  await using work = await openWorkspace(cloud);
  await deployed(work);
  await work.write(service({ image: broken }));
  const failed = await work.apply();
  expect(failed.code).toBe(1);
  expect(failed.output).toContain('Error waiting to update');
  expect((await work.state())[users]?.status).toBeUndefined();
  await removed(work);
});

test('what was deleted behind its back is planned anew', async () => {
  await using work = await openWorkspace(cloud);
  await deployed(work);
  await cloud.done('DELETE', `/v2/${SERVICE}`);
  expectCode(await work.plan(), 2);
  expect(await work.actions()).toMatchObject({ [users]: 'create' });
});
