import { expect, test } from 'vitest';
import { openCloud, PARENT, prepare, pushImage, serving } from '../run/cloud.ts';
import { expectCode, openWorkspace } from './terraform.ts';

const names = 'toset(["users", "habits"])';

const first = (image: string): string => `
resource "google_cloud_run_service" "svc" {
  for_each = ${names}
  name     = each.key
  location = "us-central1"
  metadata {
    labels = { team = "one" }
  }
  template {
    metadata {
      annotations = { "autoscaling.knative.dev/maxScale" = "3" }
    }
    spec {
      service_account_name = "run-users@demo-prod.iam.gserviceaccount.com"
      containers {
        image = "${image}"
        resources {
          limits = { cpu = "1", memory = "512Mi" }
        }
        env {
          name  = "GREETING"
          value = "hello"
        }
      }
    }
  }
}
resource "google_cloud_run_service_iam_member" "public" {
  for_each = google_cloud_run_service.svc
  location = each.value.location
  service  = each.value.name
  role     = "roles/run.invoker"
  member   = "allUsers"
}
`;

const second = (image: string): string => `
resource "google_cloud_run_v2_service" "svc" {
  for_each = ${names}
  name     = each.key
  location = "us-central1"
  labels   = { team = "one" }
  template {
    service_account = "run-users@demo-prod.iam.gserviceaccount.com"
    scaling {
      max_instance_count = 3
    }
    containers {
      image = "${image}"
      resources {
        cpu_idle          = true
        startup_cpu_boost = true
        limits            = { cpu = "1", memory = "512Mi" }
      }
      env {
        name  = "GREETING"
        value = "hello"
      }
    }
  }
}
resource "google_cloud_run_v2_service_iam_member" "public" {
  for_each = google_cloud_run_v2_service.svc
  location = each.value.location
  name     = each.value.name
  role     = "roles/run.invoker"
  member   = "allUsers"
}
import {
  for_each = ${names}
  to       = google_cloud_run_v2_service.svc[each.key]
  id       = "${PARENT}/services/\${each.key}"
}
import {
  for_each = ${names}
  to       = google_cloud_run_v2_service_iam_member.public[each.key]
  id       = "${PARENT}/services/\${each.key} roles/run.invoker allUsers"
}
removed {
  from = google_cloud_run_service.svc
  lifecycle {
    destroy = false
  }
}
removed {
  from = google_cloud_run_service_iam_member.public
  lifecycle {
    destroy = false
  }
}
`;

test('services go from API v1 to v2 in one plan: forgotten there, taken over here, never replaced', async () => {
  await using cloud = await openCloud();
  await prepare(cloud);
  const image = await pushImage(cloud, serving('"hello"'));
  await using work = await openWorkspace(cloud);
  const service = async () => (await cloud.call('GET', `/v2/${PARENT}/services/users`)).body;

  await work.write(first(image));
  expectCode(await work.apply(), 0);
  expectCode(await work.plan(), 0);
  const before = await service();

  await work.write(second(image));
  const plan = await work.plan();
  expect(plan.output).toContain('4 to import, 0 to add, 2 to change, 0 to destroy');
  expect(await work.actions()).toMatchObject({
    'google_cloud_run_service.svc["users"]': 'forget',
    'google_cloud_run_service_iam_member.public["users"]': 'forget',
    'google_cloud_run_v2_service.svc["users"]': 'import update',
    'google_cloud_run_v2_service_iam_member.public["users"]': 'import no-op',
  });
  expectCode(await work.terraform('apply', 'plan'), 0);
  expectCode(await work.plan(), 0);
  const { uid, createTime } = await service();
  expect({ uid, createTime }).toEqual({ uid: before.uid, createTime: before.createTime });
});

test('a move across the two types is refused, as by the real provider', async () => {
  await using cloud = await openCloud();
  await prepare(cloud);
  const image = await pushImage(cloud, serving('"hello"'));
  await using work = await openWorkspace(cloud);
  await work.write(first(image));
  expectCode(await work.apply(), 0);
  const resources = second(image).split('import {')[0];
  await work.write(`${resources}
    moved {
      from = google_cloud_run_service.svc
      to   = google_cloud_run_v2_service.svc
    }`);
  const plan = await work.plan();
  expect(plan.code).toBe(1);
  expect(plan.output).toContain('Unsupported `moved` across resource types');
});

test('a v1 service is changed in place, says why a revision failed, and is destroyed', async () => {
  await using cloud = await openCloud();
  await prepare(cloud);
  const image = await pushImage(cloud, serving('"hello"'));
  const broken = await pushImage(cloud, 'process.exit(1);');
  await using work = await openWorkspace(cloud);
  await work.write(first(image));
  expectCode(await work.apply(), 0);
  await work.write(first(image).replace('"3"', '"2"'));
  expectCode(await work.apply(), 0);
  expectCode(await work.plan(), 0);
  const { body } = await cloud.call('GET', `/v2/${PARENT}/services/users`);
  expect(body.template.scaling.maxInstanceCount).toBe(2);

  await work.write(first(broken));
  const failed = await work.apply();
  expectCode(failed, 1);
  expect(failed.output).toContain('resource is in failed state "Ready:False"');
  expectCode(await work.apply('-destroy'), 0);
  expect((await cloud.call('GET', `/v2/${PARENT}/services/users`)).status).toBe(404);
});
