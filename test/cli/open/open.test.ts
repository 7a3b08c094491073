import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { browserProgram } from '../../../src/cli/open/browse.ts';
import { temporaryFolder } from '../../setup/process.ts';

const screen = { env: { DISPLAY: ':0' }, platform: 'linux', terminal: true };

it('opens a browser only where somebody looks and there is a screen', () => {
  expect(browserProgram(screen)).toBe('xdg-open');
  expect(browserProgram({ ...screen, platform: 'darwin', env: {} })).toBe('open');
  expect(browserProgram({ ...screen, terminal: false })).toBeUndefined();
  expect(browserProgram({ ...screen, env: {} })).toBeUndefined();
  expect(browserProgram({ ...screen, env: { DISPLAY: ':0', CI: 'true' } })).toBeUndefined();
});

it('starts it with the address and does not wait for one that hangs', async () => {
  const folder = await temporaryFolder('browse');
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const told = join(folder, 'told');
  await writeFile(join(bin, 'xdg-open'), `#!/bin/sh\necho "$$ $1" > ${told}\nexec sleep 60\n`);
  await chmod(join(bin, 'xdg-open'), 0o755);
  const module = resolve('src/cli/open/browse.ts');
  const call = `import { browse } from ${JSON.stringify(module)}; browse('http://127.0.0.1:1/x');`;
  const file = join(folder, 'call.ts');
  await writeFile(file, call);
  const env = { PATH: `${bin}:${process.env['PATH']}`, DISPLAY: ':0', CI: undefined };
  const began = performance.now();
  await execa('script', ['-qec', `${process.execPath} ${file}`, '/dev/null'], { env, input: '' });
  expect(performance.now() - began).toBeLessThan(20_000);
  const words = async () => (await readFile(told, 'utf8').catch(() => '')).trim().split(' ');
  await expect.poll(words, { timeout: 20_000 }).toContain('http://127.0.0.1:1/x');
  process.kill(Number((await words())[0]));
  await rm(folder, { recursive: true, force: true });
});
