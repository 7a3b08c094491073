import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bareMachine } from './machine.ts';

const enough = {
  node: 'echo v18.19.0',
  npm: 'echo 9.2.0',
  python3: 'echo 3.11',
  terraform: 'echo Terraform v1.11.4; echo on linux_amd64',
};
const everything = ['node', 'python', 'terraform'];

test('a machine with old but sufficient tools passes in silence', async () => {
  await using machine = await bareMachine(enough);
  expect(await machine.run('tools/need.sh', everything)).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
});

const lacking = [
  ['no node', without('node'), 'node is not on PATH'],
  ['no npm', without('npm'), 'npm is not on PATH'],
  ['an old node', { ...enough, node: 'echo v16.20.2' }, 'node v16.20.2 is too old'],
  ['no python', without('python3'), 'python3 is not on PATH'],
  ['an old python', { ...enough, python3: 'echo 3.9' }, 'python3 is version 3.9'],
  ['no terraform', without('terraform'), 'terraform is not on PATH'],
  ['an old terraform', { ...enough, terraform: 'echo Terraform v1.9.8' }, 'is version 1.9.8'],
  ['a terraform that says nothing', { ...enough, terraform: 'true' }, 'is version unknown'],
] as const;

test.each(lacking)('%s: one error, what, why and fix, exit 3', async (_case, programs, what) => {
  await using machine = await bareMachine(programs);
  const { code, stdout, stderr } = await machine.run('tools/need.sh', everything);
  const lines = stderr.trimEnd().split('\n');
  expect(code).toBe(3);
  expect(stdout).toBe('');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^error: /);
  expect(lines[0]).toContain(what);
  expect(lines[1]).toMatch(/^ {2}why: \S/);
  expect(lines[2]).toMatch(/^ {2}fix: \S/);
});

const uname = (name: string, release: string) => `[ "$1" = -r ] && echo ${release} || echo ${name}`;
const elsewhere = [
  ['macOS', uname('Darwin arm64', '24.6.0'), 'Darwin arm64 is not supported'],
  ['Windows by MSYS', uname('MINGW64_NT-10.0-22631 x86_64', '3.4.10'), 'MINGW64_NT-10.0-22631'],
  ['a small board', uname('Linux armv7l', '6.6.1'), 'Linux armv7l is not supported'],
  ['WSL 1', uname('Linux x86_64', '4.4.0-19041-Microsoft'), 'WSL 1 (4.4.0-19041-Microsoft)'],
] as const;

test.each(elsewhere)('%s is refused by its name, exit 3', async (_case, program, what) => {
  await using machine = await bareMachine({ ...enough, uname: program });
  const { code, stderr } = await machine.run('tools/need.sh', ['system', ...everything]);
  expect(code).toBe(3);
  expect(stderr).toContain(`error: ${what}`);
});

test.each([
  ['Linux', uname('Linux aarch64', '6.1.0')],
  ['WSL2', uname('Linux x86_64', '5.15.153.1-microsoft-standard-WSL2')],
])('%s passes', async (_case, program) => {
  await using machine = await bareMachine({ ...enough, uname: program });
  expect(await machine.run('tools/need.sh', ['system', ...everything])).toMatchObject({ code: 0 });
});

test('versions are compared as numbers, not as text', async () => {
  const newer = { node: 'echo v100.0.0', python3: 'echo 3.101' };
  await using machine = await bareMachine({
    ...enough,
    ...newer,
    terraform: 'echo Terraform v1.100.0-beta1',
  });
  expect(await machine.run('tools/need.sh', everything)).toMatchObject({ code: 0 });
});

test('variables name other programs than those on PATH', async () => {
  await using machine = await bareMachine({ ...enough, python3: 'echo 3.8', terraform: 'false' });
  const env = { WINDLASS_PYTHON: `${machine.root}/py`, WINDLASS_TERRAFORM: `${machine.root}/tf` };
  await machine.add('py', 'echo 3.12');
  await machine.add('tf', 'echo Terraform v1.12.0');
  expect(await machine.run('tools/need.sh', everything, env)).toMatchObject({ code: 0 });
});

test.each([':', '\\', '$'])(
  'a path with %s is refused before anything is installed',
  async (odd) => {
    await using machine = await bareMachine(enough);
    await cp(join(machine.root, 'tools'), join(machine.root, `a${odd}b`, 'tools'), {
      recursive: true,
    });
    const { code, stderr } = await machine.run(`a${odd}b/tools/need.sh`, ['programs']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: the path .* holds a colon, a backslash or a dollar sign\n/);
  },
);

test('a folder with spaces, quotes and accents is as good as any', async () => {
  await using machine = await bareMachine(enough);
  const odd = `it's a "place" #1 100% ünd; more`;
  await cp(join(machine.root, 'tools'), join(machine.root, odd, 'tools'), { recursive: true });
  expect(await machine.run(`${odd}/tools/need.sh`, ['programs', ...everything])).toMatchObject({
    code: 0,
    stderr: '',
  });
});

function without(name: keyof typeof enough): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(enough).filter(([program]) => program !== name));
}
