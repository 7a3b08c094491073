import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';

const verbs = [...['deploy', 'plan', 'status', 'rollback', 'recover', 'drift', 'ui', 'migrate-v1']];
const environments = ['production', 'staging'];

test.each(verbs)('%s is the same one call of the CLI in every environment', async (verb) => {
  for (const environment of environments) {
    const recipe = await dryRun(`${environment}-${verb}`, `ARGS=--json --yes`);
    const call = `node src/cli/main.ts ${verb} --environment ${environment} --json --yes`;
    expect(recipe.filter((line) => line.includes('src/cli'))).toEqual([call]);
  }
});

test.each(['up', 'down', 'status'])('sandbox-%s is one call of the CLI', async (verb) => {
  const recipe = await dryRun(`sandbox-${verb}`);
  expect(recipe.filter((line) => line.includes('src/cli'))).toEqual([
    expect.stringMatching(new RegExp(`^node src/cli/main.ts sandbox ${verb} *$`)),
  ]);
});

test('every target that calls the CLI calls a command that it has', async () => {
  const all = (await program()).commands;
  const commands = all.map((command) => command.name());
  const sandbox = all.find((command) => command.name() === 'sandbox');
  expect(commands).toEqual(expect.arrayContaining(verbs));
  expect(sandbox?.commands.map((command) => command.name())).toEqual(
    expect.arrayContaining(['up', 'down', 'status']),
  );
});

test('make alone shows every target there is, by section, within 100 columns', async () => {
  const help = await make([]);
  const shown = [...help.matchAll(/^ {2}([a-z]+(?:-[a-z0-9]+)*) {2,}\S/gm)].map(([, name]) => name);
  const sandbox = ['sandbox-up', 'sandbox-status', 'sandbox-down'];
  expect(shown).toEqual([
    ...environments.flatMap((name) => verbs.map((verb) => `${name}-${verb}`)),
    ...sandbox,
    ...['setup', 'test', 'check', 'fmt', 'rehearse', 'bench', 'contract', 'chaos', 'live'],
    ...['interleave', 'histories', 'simulate-migrations', 'fuzz', 'simulate', 'crashes'],
    ...['canaries', 'help'],
  ]);
  expect(help.match(/^[A-Z]\w+$/gm)).toEqual(['Production', 'Staging', 'Sandbox', 'Development']);
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('the preflight comes before the first install and before the recipe', async () => {
  const recipe = await dryRun('production-deploy');
  expect(recipe[0]).toBe('sh tools/need.sh system programs folder node python terraform');
});

test('an environment that does not exist is no target', async () => {
  await expect(make(['-n', 'testing-deploy'])).rejects.toThrow(/No rule to make target/);
});

test('the front door stays small', async () => {
  const text = await readFile('Makefile', 'utf8');
  expect(text.split('\n').length).toBeLessThanOrEqual(130);
});

test('package.json and its lock file name the same dependencies', async () => {
  const [own, lock] = await Promise.all(['package.json', 'package-lock.json'].map(json));
  const locked = lock.packages[''];
  expect(locked.dependencies).toEqual(own.dependencies);
  expect(locked.devDependencies).toEqual(own.devDependencies);
});

async function dryRun(...args: readonly string[]): Promise<readonly string[]> {
  return (await make(['-n', ...args])).trim().split('\n');
}

async function make(args: readonly string[]): Promise<string> {
  const env = { ...process.env, MAKEFLAGS: '', MAKELEVEL: '0' };
  return (await promisify(execFile)('make', args, { env })).stdout;
}

async function json(path: string) {
  return JSON.parse(await readFile(path, 'utf8'));
}
