import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openCloud, PARENT, prepare, pushImage } from '../run/cloud.ts';
import { openWorkspace } from './terraform.ts';

test('an interrupt ends the waiting, and the state keeps the service that is still starting', async () => {
  await using cloud = await openCloud();
  await prepare(cloud);
  const image = await pushImage(cloud, `setTimeout(() => {}, 8000);`);
  await using work = await openWorkspace(cloud);
  await work.write(`
    resource "google_cloud_run_v2_service" "slow" {
      name     = "slow"
      location = "us-central1"
      template {
        service_account = "run-users@demo-prod.iam.gserviceaccount.com"
        containers {
          image = "${image}"
          startup_probe {
            failure_threshold = 60
            period_seconds    = 1
            tcp_socket {
              port = 8080
            }
          }
        }
      }
    }`);
  const child = spawn('terraform', ['apply', '-auto-approve', '-input=false'], {
    cwd: work.folder,
    env: work.env,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  await expect
    .poll(async () => (await cloud.call('GET', `/v2/${PARENT}/services/slow`)).status, {
      timeout: 30_000,
    })
    .toBe(200);
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(output).toContain('stopped while waiting');
  expect((await work.state())['google_cloud_run_v2_service.slow']).toMatchObject({
    status: 'tainted',
    attributes: { id: `${PARENT}/services/slow` },
  });
});
