import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { create } from 'tar';
import { z } from 'zod';
import { openDoor } from '../../../sandbox/google/door.ts';
import { googleRoutes } from '../../../sandbox/google/faces.ts';
import { ensureProject } from '../../../sandbox/google/projects.ts';
import { declareWalls } from '../../../sandbox/google/standing-walls.ts';
import { ownerToken } from '../../../sandbox/google/tokens.ts';
import { type FleetOptions, openFleet } from '../../../sandbox/run/fleet.ts';
import { runRoutes } from '../../../sandbox/run/routes.ts';
import { openWorld } from '../../../sandbox/world.ts';

export const PARENT = 'projects/demo-prod/locations/us-central1';
export const ACCOUNT = 'run-users@demo-prod.iam.gserviceaccount.com';
const Operation = z.looseObject({
  name: z.string(),
  done: z.boolean().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});

export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads what it expects
  readonly body: any;
}

/** A Google door with Cloud Run behind it, in a folder of its own; its usual walls are down unless asked for. */
export async function openCloud(
  options: FleetOptions & { readonly walls?: boolean } = {},
  folder?: string,
) {
  const root = folder ?? (await mkdtemp(join(tmpdir(), 'windlass-run-')));
  const world = openWorld(root);
  world.profile.set({ name: 'zero', iamSpreadMs: 0 });
  if (options.walls !== true)
    declareWalls(world, { apis: 'off', impersonation: 'off', ipv6: 'on' });
  ensureProject(world, 'demo-prod');
  const fleet = await openFleet(world, { samplePath: '', patienceMs: 5000, ...options });
  let address = '';
  const url = (): string => address;
  const door = await openDoor(world, googleRoutes(world, runRoutes(world, fleet), { url }));
  address = door.url;
  const token = ownerToken(world);

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${door.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  /** Calls and waits for the operation that comes back. */
  async function done(method: string, path: string, body?: unknown): Promise<Answer> {
    let answer = await call(method, path, body);
    const started = Operation.safeParse(answer.body);
    while (started.success && answer.status === 200 && answer.body.done !== true) {
      await sleep(20);
      answer = await call('GET', `/v2/${started.data.name}`);
    }
    return answer;
  }

  async function close(): Promise<void> {
    await door.close();
    await fleet.close();
    world.close();
  }

  return {
    ...{ world, fleet, door, call, done, close, root, token },
    async [Symbol.asyncDispose]() {
      await close();
      if (folder === undefined) await rm(root, { recursive: true, force: true, maxRetries: 5 }); // a last log line
    },
  };
}
export type Cloud = Awaited<ReturnType<typeof openCloud>>;

/** Makes the repository and the account that the services of a test need. */
export async function prepare(cloud: Cloud): Promise<void> {
  await cloud.call('POST', `/v1/${PARENT}/repositories?repository_id=images`, { format: 'DOCKER' });
  await cloud.call('POST', '/v1/projects/demo-prod/serviceAccounts', { accountId: 'run-users' });
}

/** Pushes a one-layer image by the OCI distribution API; answers its reference by digest. */
export async function pushImage(cloud: Cloud, code: string, name = 'users'): Promise<string> {
  const layer = await layerOf(code);
  const command = ['node', 'service.mjs', '--port', '8080'];
  const config = Buffer.from(JSON.stringify({ config: { Cmd: command } }));
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: described('application/vnd.oci.image.config.v1+json', config),
    layers: [described('application/vnd.oci.image.layer.v1.tar', layer)],
  };
  const image = `demo-prod/images/${name}`;
  for (const blob of [layer, config]) await pushBlob(cloud, image, blob);
  const bytes = Buffer.from(JSON.stringify(manifest));
  await put(cloud, `/v2/${image}/manifests/${digest(bytes)}`, bytes, manifest.mediaType);
  return `us-central1-docker.pkg.dev/${image}@${digest(bytes)}`;
}

/** A service that answers every path with what the code says; `request` and `env` are at hand. */
export const serving = (answer: string): string => `
import { createServer } from 'node:http';
import { readFileSync, existsSync } from 'node:fs';
const env = process.env;
console.log('serving on ' + env.PORT);
createServer(async (request, response) => response.end(String(await (${answer})))).listen(
  Number(process.argv[process.argv.indexOf('--port') + 1]), '127.0.0.1');
`;

async function layerOf(code: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-layer-'));
  await writeFile(join(folder, 'service.mjs'), code);
  await create({ cwd: folder, file: join(folder, 'layer.tar'), portable: true }, ['service.mjs']);
  const bytes = await readFile(join(folder, 'layer.tar'));
  await rm(folder, { recursive: true });
  return bytes;
}

async function pushBlob(cloud: Cloud, image: string, bytes: Buffer): Promise<void> {
  const headers = { authorization: `Bearer ${cloud.token}` };
  const url = `${cloud.door.url}/v2/${image}/blobs/uploads/`;
  const started = await fetch(url, { method: 'POST', headers });
  const location = new URL(started.headers.get('location') ?? '', cloud.door.url);
  location.searchParams.set('digest', digest(bytes));
  await put(cloud, `${location.pathname}${location.search}`, bytes, 'application/octet-stream');
}

async function put(cloud: Cloud, path: string, bytes: Buffer, type: string): Promise<void> {
  const headers = { authorization: `Bearer ${cloud.token}`, 'content-type': type };
  const answer = await fetch(`${cloud.door.url}${path}`, {
    ...{ method: 'PUT', headers, body: new Uint8Array(bytes) },
  });
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

function described(mediaType: string, bytes: Buffer) {
  return { mediaType, size: bytes.length, digest: digest(bytes) };
}

const digest = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
