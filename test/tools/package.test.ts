import { copyFile, mkdir, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { releaseId, gatherContents } from '../../src/releases/contents.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { temporaryFolder } from '../setup/process.ts';

// npm installs some hundred packages here, on machines that may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 900_000 });

let root: string;
let shop: string;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  root = await realpath(await temporaryFolder('package'));
  shop = join(root, 'shop');
  await mkdir(shop);
  await copyFile('.npmrc', join(shop, '.npmrc'));
  const foreign = /^(WINDLASS_(?!TERRAFORM|PYTHON|UV)|TEMPORAL_|NODE_COMPILE|npm_)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  env = { ...Object.fromEntries(kept), XDG_CACHE_HOME: join(root, 'cache'), NO_COLOR: '1' };
  const packed = await execa('npm', ['pack', '--json', '--pack-destination', root]);
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[')));
  const quiet = ['--ignore-scripts', '--prefer-offline', '--no-progress', '--loglevel=error'];
  await execa('npm', ['install', ...quiet, join(root, filename)], { cwd: shop });
});

afterAll(async () => {
  await npx('sandbox', 'down');
  await rm(root, { recursive: true, force: true });
});

/** The installed command in the user's folder. */
async function npx(...args: readonly string[]) {
  const options = { cwd: shop, env, extendEnv: false, reject: false, all: true } as const;
  return execa('npx', ['--no', '--', 'windlass', ...args], options);
}

const installed = (...path: readonly string[]) => join(shop, 'node_modules', 'windlass', ...path);

describe('the package', () => {
  it('holds neither sources nor tests nor examples, and no path of this machine', async () => {
    const files = await readdir(installed(), { recursive: true });
    expect(files.filter((file) => /\.ts$|(^|\/)(test|tests|examples|\.venv)\//.test(file))).toEqual(
      [],
    );
    // Messages name pages: they are there, each of them.
    const pages = (await readdir('docs')).filter((name) => name.endsWith('.md'));
    expect(files).toEqual(expect.arrayContaining(pages.map((name) => join('docs', name))));
    const bundle = await readFile(installed('dist', 'workflows.bundle.js'), 'utf8');
    expect(bundle).not.toContain(resolve('.'));
  });
});

describe('the installed command', () => {
  it('shows its help, and asks for a project where there is none', async () => {
    expect((await npx('--help')).stdout).toContain('deploy everything as one release');
    const ended = await npx('status', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(2);
    expect(ended.all).toContain('NO_PROJECT');
  });

  it('begins a project that its own Makefile leads', async () => {
    await mkdir(join(shop, 'web'));
    await writeFile(join(shop, 'web', 'Dockerfile'), 'FROM scratch\nEXPOSE 3000\n');
    const ended = await npx('init', '--name', 'shop');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.stdout).toContain('npx --no -- windlass plan -e production');
    const yaml = await readFile(join(shop, 'windlass.yaml'), 'utf8');
    expect(yaml).toContain('$schema=./node_modules/windlass/windlass.schema.json');
    const made = await execa('make', [], { cwd: shop, env, extendEnv: false });
    expect(made.stdout).toContain('deploy everything as one release');
  });

  it('installs its tools, starts the sandbox and plans what the folder holds', async () => {
    await rm(join(shop, 'web', 'Dockerfile'));
    await writeFile(join(shop, 'web', 'service.json'), '{ "command": ["python", "main.py"] }\n');
    await writeFile(join(shop, 'web', 'main.py'), '# it is planned, and never started\n');
    const ended = await npx('plan', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain('installing Temporal, Postgres and Alembic');
    expect(ended.all).toMatch(/20-services +\d+ to add/);
    const ignored = await readFile(join(shop, '.windlass', '.gitignore'), 'utf8');
    expect(ignored).toContain('\n*\n');
  });

  it('makes the same release of a project as a checkout, once its tools are there', async () => {
    const here = releaseId((await gatherContents('.', await readConfig('.'))).files);
    const script = `const of = (path) => import(${JSON.stringify(installed('dist', 'src'))} + path);
      const [contents, config] = await Promise.all([of('/releases/contents.js'), of('/config/read-config.js')]);
      const root = ${JSON.stringify(resolve('.'))};
      const gathered = await contents.gatherContents(root, await config.readConfig(root));
      console.log(contents.releaseId(gathered.files));`;
    const argv = ['--input-type=module', '-e', script];
    const { stdout } = await execa(process.execPath, argv, { cwd: shop, env, extendEnv: false });
    expect(stdout).toBe(here);
  });
});
