import { expect, test } from 'vitest';
import { bareMachine } from './machine.ts';

const filled = 'mkdir -p "$folder/bin"; echo "$*" >> "$folder/calls"';

test('WINDLASS_UV comes before everything else', async () => {
  await using machine = await bareMachine({ uv: 'true', python3: 'false' });
  const answer = await machine.run('tools/python/uv.sh', [], { WINDLASS_UV: '/opt/uv' });
  expect(answer).toMatchObject({ code: 0, stdout: '/opt/uv\n' });
});

test('a uv on PATH is used as it is', async () => {
  await using machine = await bareMachine({ uv: 'true', python3: 'false' });
  const answer = await machine.run('tools/python/uv.sh', []);
  expect(answer).toMatchObject({ code: 0, stdout: `${machine.root}/path/uv\n` });
});

test('without ensurepip uv comes from pip, by hash, into the project', async () => {
  const python3 = `case "$2" in venv) exit 1 ;; esac
case "$3" in install) folder=$6; ${filled} ;; esac`;
  await using machine = await bareMachine({ python3 });
  const own = `${machine.root}/tools/python/.uv`;
  expect(await machine.run('tools/python/uv.sh', [])).toEqual({
    code: 0,
    stdout: `${own}/bin/uv\n`,
    stderr: '',
  });
  const calls = await machine.read('tools/python/.uv/calls');
  expect(calls).toBe(
    `-m pip install --quiet --target ${own} --require-hashes --requirement uv.lock\n`,
  );
});

test('the second call installs nothing', async () => {
  const python3 = `folder=$6; case "$2" in venv) exit 1 ;; esac; [ "$3" = install ] && ${filled} || true`;
  await using machine = await bareMachine({ python3 });
  await machine.run('tools/python/uv.sh', []);
  const first = await machine.read('tools/python/.uv/calls');
  expect(await machine.run('tools/python/uv.sh', [])).toMatchObject({ code: 0 });
  expect(await machine.read('tools/python/.uv/calls')).toBe(first);
});

test('a Python that can install nothing is one clear error, exit 3', async () => {
  await using machine = await bareMachine({ python3: 'exit 1' });
  const { code, stdout, stderr } = await machine.run('tools/python/uv.sh', []);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^error: uv cannot be installed\n {2}why: .*\n {2}fix: .*\n$/);
});
