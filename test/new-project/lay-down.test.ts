import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configOf } from '../../src/config/read-config.ts';
import type { FoundService } from '../../src/new-project/find-services.ts';
import { firstConfig } from '../../src/new-project/first-config.ts';
import { layDown } from '../../src/new-project/lay-down.ts';
import { temporaryFolder } from '../setup/process.ts';

let root: string;
beforeEach(async () => {
  root = await temporaryFolder('new');
});
afterEach(() => rm(root, { recursive: true }));

const wishes = {
  ...{ name: 'shop', region: 'europe-west1' },
  ...{ project: 'shop-production', organization: 'shop' },
};
const service = (name: string, more: Partial<FoundService> = {}): FoundService => ({
  ...{ name, source: name, sign: 'Dockerfile', dockerfile: true, migrations: false },
  ...more,
});
const config = firstConfig(wishes, [service('web')]);
const text = (file: string) => readFile(join(root, file), 'utf8');
const lay = () => layDown(root, config, 'echo windlass');

/** The command that a target of make calls. */
const makes = async (...targets: readonly string[]) =>
  (await execa('make', ['--no-print-directory', ...targets], { cwd: root })).stdout;

describe('the first windlass.yaml', () => {
  it('is right as it stands, with what was found', () => {
    const found = [
      service('api', { source: 'services/api', migrations: true }),
      service('web', { port: 3000 }),
    ];
    expect(configOf(firstConfig(wishes, found))).toMatchObject({
      ...{ name: 'shop', region: 'europe-west1' },
      services: {
        api: { source: 'services/api', migrations: true, secrets: { 'database-url': 'database' } },
        web: { source: 'web', public: true, calls: ['api'], port: 3000 },
      },
      environments: {
        production: {
          ...{ target: 'sandbox', project: 'shop-production' },
          supabase: { organization: 'shop', project: 'shop-production' },
        },
      },
    });
  });

  it('is right with nothing found, and shows how a service is written', () => {
    const empty = firstConfig(wishes, []);
    expect(configOf(empty).services).toEqual({});
    const shown = empty.replace('services: {}', 'services:').replaceAll(/^#( {2,})/gm, '$1');
    expect(configOf(shown).services).toMatchObject({ web: { calls: ['api'] }, api: {} });
  });

  it('refuses a name that is none by its key', () => {
    const project = { ...wishes, project: 'My Project' };
    expect(() => configOf(firstConfig(project, []))).toThrow(
      expect.objectContaining({ why: expect.stringContaining('environments.production.project') }),
    );
  });
});

describe('in an empty folder', () => {
  it('make calls windlass, and does nothing by itself but show the help', async () => {
    expect(await lay()).toEqual([
      { file: 'windlass.yaml', done: 'written' },
      { file: 'Makefile', done: 'written' },
      { file: '.gitignore', done: 'written' },
    ]);
    expect(await makes()).toBe('windlass --help');
    expect(await makes('production-deploy', 'ARGS=--yes')).toBe(
      'windlass deploy --environment production --yes',
    );
    expect(await makes('sandbox-up')).toBe('windlass sandbox up');
    expect(await text('.gitignore')).toBe('.windlass/\n');
  });
});

describe('in a repository', () => {
  it('what is there stays, and ours stands behind it', async () => {
    await writeFile(join(root, 'Makefile'), 'all:\n\t@echo mine');
    await writeFile(join(root, '.gitignore'), 'node_modules');
    const [, makefile, ignored] = await lay();
    expect(makefile).toEqual({ file: 'Makefile', done: 'targets added at its end' });
    expect(ignored).toEqual({ file: '.gitignore', done: '.windlass/ added' });
    expect(await makes()).toBe('mine');
    expect(await makes('production-plan')).toBe('windlass plan --environment production');
    expect(await text('.gitignore')).toBe('node_modules\n.windlass/\n');
  });

  it('targets of such a name, and a line that ignores it, are left alone', async () => {
    await writeFile(join(root, 'makefile'), 'production-deploy:\n\t@echo mine\n');
    await writeFile(join(root, '.gitignore'), '/.windlass\n');
    const [, makefile] = await lay();
    expect(makefile?.done).toBe('left as it is: it has targets of these names already');
    expect(await text('makefile')).toBe('production-deploy:\n\t@echo mine\n');
    expect(await text('.gitignore')).toBe('/.windlass\n');
  });

  it('a windlass.yaml is never overwritten', async () => {
    await writeFile(join(root, 'windlass.yaml'), 'name: mine\n');
    await expect(lay()).rejects.toThrow('EEXIST');
    expect(await text('windlass.yaml')).toBe('name: mine\n');
  });
});
