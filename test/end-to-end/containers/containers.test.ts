import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readServices } from '../../../src/gcp/run.ts';
import { listObjects } from '../../../src/gcp/objects.ts';
import { openRig, rigAt } from '../rig.ts';
import type { Ended, Rig } from '../rig.ts';
import { testEngine } from './engine.ts';

const engine = await testEngine();
if (!engine)
  process.stderr.write('left out: no engine with its base images (tools/test-engine.sh)\n');

const config = `name: tiny
region: us-central1
services:
  gateway:
    source: gateway
    build: { args: { GREETING: hello } }
    public: true
    secrets: { model: generated }
    max: 1
    calls: [journal]
  journal:
    source: examples/wellness/journal
    migrations: true
    secrets: { database-url: database }
    max: 1
    pool: 2
environments:
  production:
    target: sandbox
    project: wellness-production
    supabase:
      organization: wellness-production
      project: wellness-production
      settings:
        jwt_exp: 86400
        mailer_autoconfirm: false
        uri_allow_list: https://tiny.example.com/**
        site_url: https://tiny.example.com
      exposedSchemas: [public]
`;

let rig: Rig;
let first: Ended;

beforeAll(async () => {
  if (!engine) return;
  rig = await openRig({ env: engine });
  await lay(rig.root);
  first = await rig.windlass('deploy', '-e', 'production');
});

afterAll(async () => {
  if (!engine) return;
  await rig.close();
  const left = await execa('podman', ['ps', '--all', '--quiet'], { env: engine });
  if (left.stdout !== '') throw new Error(`containers were left: ${left.stdout}`);
});

async function lay(root: string): Promise<void> {
  await writeFile(join(root, 'windlass.yaml'), config);
  await cp(join(import.meta.dirname, 'gateway'), join(root, 'gateway'), { recursive: true });
  await writeFile(join(root, 'gateway', '.env'), 'PASSWORD=tulips\n');
}

async function asked(path: string): Promise<unknown> {
  const [gateway] = (await readServices((await rig.site()).google)).filter(
    ({ name }) => name === 'gateway',
  );
  return (await fetch(`${gateway?.uri}${path}`)).json();
}

const images = async () =>
  Object.fromEntries(
    (await readServices((await rig.site()).google)).map(({ name, image }) => [name, image]),
  );

describe.skipIf(!engine)('services that are built from their Dockerfiles', () => {
  it('run as containers through the whole deploy, and what is a secret stays out of them', () => {
    expect(first.exitCode, first.all).toBe(0);
    expect(first.all).toContain('building gateway with buildah');
    expect(first.all).toContain('building journal with buildah');
    expect(first.all).toMatch(/gateway: left out of its image.*: \.env/);
    expect(first.all).not.toContain('as processes');
  });

  it('see nothing of this machine, and listen on the port that Cloud Run would give', async () => {
    const seen = z
      .object({ greeting: z.string(), port: z.string(), user: z.number(), processes: z.number() })
      .loose()
      .parse(await asked('/seen'));
    expect(seen).toMatchObject({ greeting: 'hello', foreign: [], root: false, port: '8080' });
    expect(seen.processes).toBeLessThan(5);
    expect(seen.user).not.toBe(0);
  });

  it('reach each other, their database and their secrets as in the cloud', async () => {
    expect(await asked('/readyz')).toMatchObject({ secrets: ['model'] });
    expect(await asked('/behind')).toMatchObject({
      status: 200,
      body: { secrets: ['database-url'], database: { role: 'journal_service' } },
    });
  });

  it('are built once: another clone builds nothing and finds nothing to change', async () => {
    const root = join(rig.root, 'another');
    await mkdir(root);
    await cp(join(rig.root, 'examples'), join(root, 'examples'), { recursive: true });
    await lay(root);
    const clone = rigAt(root, { beside: rig, env: engine ?? {} });
    const ended = await clone.windlass('deploy', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain('nothing to change');
    expect(ended.all).not.toContain('building');
    const { google, releaseBucket } = await rig.site();
    expect(await listObjects(google, releaseBucket, 'builds/')).toHaveLength(2);
  });

  it('get a new revision where their files change, and the old image at a rollback', async () => {
    const before = await images();
    await rig.edit('gateway/server.mjs', 'says what it sees', 'tells what it sees');
    const ended = await rig.windlass('deploy', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    const after = await images();
    expect(after['journal']).toBe(before['journal']);
    expect(after['gateway']).not.toBe(before['gateway']);
    const back = await rig.windlass('rollback', '-e', 'production');
    expect(back.exitCode, back.all).toBe(0);
    expect(await images()).toEqual(before);
    expect(await asked('/seen')).toMatchObject({ greeting: 'hello' });
  });

  it('become processes again where a base cannot be fetched, which is said in one line', async () => {
    await rig.edit('gateway/Dockerfile', 'node:${NODE}-slim', 'no-such-node:${NODE}');
    const ended = await rig.windlass('plan', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toMatch(/the base image no-such-node:24 cannot be fetched.*gateway as proc/);
  });
});
