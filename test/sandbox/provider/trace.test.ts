import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openCloud, pushImage, serving } from '../run/cloud.ts';
import { openRecorder, type RecordedCall } from './recorder.ts';
import { expectCode, openWorkspace } from './terraform.ts';

// Calls of the real provider, recorded from outside. The file is not carried along.
const path = new URL('../../../../shared/terraform/wire-trace-7.45.0.ndjson', import.meta.url);
const line = z.object({
  phase: z.string(),
  method: z.string(),
  path: z.string(),
  body: z.unknown(),
});

const mount = /^\/(run|iam|ar|crm|budgets|secretmanager|serviceusage|storage|monitoring)\//;

/** The configuration of the recording. */
const recorded = (image: string, cpu: string, more = ''): string => `
resource "google_project_service" "this" {
  for_each           = toset(["run.googleapis.com", "secretmanager.googleapis.com"])
  service            = each.value
  disable_on_destroy = false
}
resource "google_artifact_registry_repository" "images" {
  location      = "us-central1"
  repository_id = "images"
  format        = "DOCKER"
}
resource "google_service_account" "practices" {
  account_id   = "run-practices"
  display_name = "practices"
}
resource "google_storage_bucket" "x" {
  name                        = "demo-prod-x"
  location                    = "US"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
}
resource "google_monitoring_notification_channel" "ops" {
  display_name = "ops"
  type         = "email"
  labels       = { email_address = "ops@example.com" }
}
resource "google_billing_budget" "this" {
  billing_account = "000000-000000-000000"
  display_name    = "production"
  amount {
    specified_amount {
      currency_code = "USD"
      units         = "100"
    }
  }
  threshold_rules {
    threshold_percent = 0.75
  }
  all_updates_rule {
    monitoring_notification_channels = [google_monitoring_notification_channel.ops.name]
  }
}
resource "google_secret_manager_secret" "database" {
  secret_id = "practices-database-url"
  replication {
    auto {}
  }
}
resource "google_secret_manager_secret_iam_member" "database" {
  secret_id = google_secret_manager_secret.database.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:\${google_service_account.practices.email}"
}
resource "google_cloud_run_v2_service" "practices" {
  name     = "practices"
  location = "us-central1"
  ingress  = "INGRESS_TRAFFIC_ALL"
  ${more}
  scaling {
    min_instance_count = 1
  }
  template {
    service_account = google_service_account.practices.email
    containers {
      image = "${image}"
      resources {
        cpu_idle          = true
        startup_cpu_boost = true
        limits            = { cpu = "${cpu}", memory = "512Mi" }
      }
      startup_probe {
        http_get {
          path = "/healthz"
        }
      }
      volume_mounts {
        name       = "db"
        mount_path = "/secrets/db"
      }
    }
    volumes {
      name = "db"
      secret {
        secret = google_secret_manager_secret.database.secret_id
        items {
          version = "1"
          path    = "url"
        }
      }
    }
  }
  depends_on = [google_secret_manager_secret_iam_member.database]
}
resource "google_cloud_run_v2_service_iam_member" "public" {
  location = google_cloud_run_v2_service.practices.location
  name     = google_cloud_run_v2_service.practices.name
  role     = "roles/run.invoker"
  member   = "allUsers"
}
`;

test.skipIf(!existsSync(path))(
  `the calls are those of the real provider (${path.pathname})`,
  async () => {
    await using cloud = await openCloud();
    await using recorder = await openRecorder(cloud.door.url);
    await using work = await openWorkspace(cloud, recorder.origin);

    await work.write(recorded('pushed-later', '1'));
    const before = [
      'google_secret_manager_secret.database',
      'google_artifact_registry_repository.images',
    ];
    expectCode(await work.apply(...before.map((address) => `-target=${address}`)), 0);
    const image = await pushImage(cloud, serving('"hello"'), 'practices');
    await work.write(recorded(image, '1'));
    await cloud.call('POST', '/v1/projects/demo-prod/secrets/practices-database-url:addVersion', {
      payload: { data: Buffer.from('postgres://').toString('base64') },
    });
    expectCode(await work.apply(), 0);
    // The project in which they were recorded answered calls of APIs that it had not enabled yet.
    expect(essence(recorder.calls)).toEqual(
      theirs('create 11 resources', image).filter((call) => !enabling.test(call)),
    );

    recorder.calls.length = 0;
    await work.write(recorded(image, '2'));
    expectCode(await work.apply(), 0);
    // The sandbox fills in defaults, as the cloud does, and what was read is sent back.
    const patches = recorder.calls.filter(isWrite);
    const [patch] = phase('change cpu of the service', image).filter(isWrite);
    expect(patches).toMatchObject([patch]);

    await work.write(recorded(image, '2', 'deletion_protection = false'));
    expectCode(await work.apply(), 0);
    recorder.calls.length = 0;
    expectCode(await work.apply('-destroy'), 0);
    expect(essence(recorder.calls)).toEqual(theirs('destroy', image));
  },
);

const isWrite = ({ method }: RecordedCall): boolean => method !== 'GET';

test.skipIf(!existsSync(path))(
  'APIs that are off are enabled as the real provider does',
  async () => {
    await using cloud = await openCloud({ walls: true });
    await using recorder = await openRecorder(cloud.door.url);
    await using work = await openWorkspace(cloud, recorder.origin);
    await work.write(recorded('none', '1'));
    expectCode(await work.apply('-target=google_project_service.this'), 0);
    const wanted = theirs('create 11 resources', 'none').filter((call) => enabling.test(call));
    expect(wanted).toHaveLength(2);
    expect(essence(recorder.calls).filter((call) => enabling.test(call))).toEqual(wanted);
  },
);

const enabling = /:enable\?/;

const theirs = (name: string, image: string) => essence(phase(name, image));

/** The recorded calls of a phase, without the product's mount point, for the image of this run. */
function phase(name: string, image: string): readonly RecordedCall[] {
  const lines = readFileSync(path, 'utf8').replaceAll(/"[^"]*@sha256:0+1"/g, JSON.stringify(image));
  const calls = lines
    .trim()
    .split('\n')
    .map((text) => line.parse(JSON.parse(text)));
  return calls
    .filter((call) => call.phase === name)
    .map(({ method, body, path: whole }) => ({ method, body, path: whole.replace(mount, '/') }));
}

/** Each different call once, in the order of the alphabet, without what a server makes up. */
function essence(calls: readonly RecordedCall[]): readonly string[] {
  const texts = calls
    .filter(({ path: called }) => !called.includes('/operations/'))
    .map(({ method, path: called, body }) => `${method} ${called} ${JSON.stringify(body, sorted)}`)
    .map((call) => call.replaceAll(/notificationChannels\/[^"?]+/g, 'notificationChannels/ID'))
    .map((call) => call.replaceAll(/budgets\/[^"?]+/g, 'budgets/ID'))
    .map((call) => call.replaceAll(/"etag":"[^"]*"/g, '"etag":"ETAG"'));
  return [...new Set(texts)].sort();
}

/** Objects with their names in order, empty requests as none. */
function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}
