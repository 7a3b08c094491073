import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const main = join('src', 'cli', 'main.ts');

it.each([
  ['an unknown command', ['stat\u001B[2Jus']],
  ['an unknown option', ['--x\u001B]0;owned\u0007']],
  ['an unknown option of a command', ['ui', '-e', 'production', '--x\u001B[2J']],
  [
    'an unknown option below a command',
    ['secrets', 'set', 'a/b', '-e', 'production', '--x\u001B[2J'],
  ],
  ['an unknown environment', ['ui', '-e', 'a\u001B[2J']],
])('%s is named with its control characters written out', async (_what, args) => {
  const ended = await execa(process.execPath, [main, ...args], { reject: false });
  expect(ended.exitCode, ended.stderr).toBe(2);
  expect(ended.stderr).toContain(String.raw`\x1b`);
  expect(ended.stderr).not.toContain('\u001B');
});
