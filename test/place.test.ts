import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gatherContents } from '../src/releases/contents.ts';
import { readConfig } from '../src/config/read-config.ts';
import { programModule } from '../src/program-files.ts';
import { temporaryFolder } from './setup/process.ts';

let root: string;
// Whole commands start here, on machines that may be busy.
vi.setConfig({ testTimeout: 180_000 });
let project: string;

beforeAll(async () => {
  root = await realpath(await temporaryFolder('place'));
  project = join(root, 'shop');
  await mkdir(join(project, 'services', 'meals'), { recursive: true });
  await mkdir(join(project, 'infra', 'stacks', '20-services'), { recursive: true });
  await writeFile(join(project, 'infra', 'stacks', '20-services', 'main.tf'), '# of the user\n');
  await writeFile(join(project, 'windlass.yaml'), yaml);
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

const yaml = `name: shop
services:
  meals: { image: us-central1-docker.pkg.dev/p/r/meals@sha256:${'a'.repeat(64)}, public: true }
environments:
  production:
    project: shop-production
    supabase:
      organization: shop
      project: shop
      settings: { jwt_exp: 3600, mailer_autoconfirm: false, site_url: https://s.example.org, uri_allow_list: '' }
`;

/** What `windlass` says in a folder, with nothing around it that names a project. */
async function windlassIn(cwd: string, args: readonly string[], env: object = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('WINDLASS_'));
  const options = { cwd, env: { ...Object.fromEntries(kept), ...env }, extendEnv: false } as const;
  const argv = [programModule('src/cli/main'), ...args];
  return execa(process.execPath, argv, { ...options, reject: false, all: true });
}

describe('the project', () => {
  it('is the nearest windlass.yaml above the current folder', async () => {
    const ended = await windlassIn(join(project, 'services', 'meals'), ['sandbox', 'down']);
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.stdout).toContain(`its data stays in ${join(project, '.windlass')}.`);
  });

  it('is what WINDLASS_ROOT names, wherever one stands', async () => {
    const env = { WINDLASS_ROOT: project };
    const ended = await windlassIn(root, ['status', '-e', 'nowhere'], env);
    expect(ended.exitCode, ended.all).toBe(2);
    expect(ended.all).toContain('ENVIRONMENT_UNKNOWN');
  });

  it.each([[['plan', '-e', 'production']], [['sandbox', 'up']], [['status', '-e', 'production']]])(
    'is asked for where there is none, by %s',
    async (args) => {
      const ended = await windlassIn(root, args);
      expect(ended.exitCode, ended.all).toBe(2);
      expect(ended.all).toContain('NO_PROJECT');
      expect(ended.all).toContain(`why: neither ${root} nor a folder above it`);
      expect(ended.all).not.toContain('UNEXPECTED');
    },
  );

  it('is needed by nobody who asks for help', async () => {
    const ended = await windlassIn(root, ['--help']);
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.stdout).toContain('deploy');
  });
});

it('a release holds the Terraform that Windlass brings, not what lies in the project', async () => {
  const { files } = await gatherContents(project, await readConfig(project));
  const main = String(files.get('infra/stacks/20-services/main.tf'));
  expect(main).not.toContain('of the user');
  expect(main).toContain('module "services"');
});
