import { chmod, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa, execaSync } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { shells } from '../../../src/cli/completion/scripts.ts';
import { temporaryFolder } from '../../../src/temporary-folder.ts';

// Left out where it is not installed.
const installed = (shell: string): boolean =>
  execaSync(shell, ['--version'], { reject: false }).exitCode === 0;

const lines: readonly (readonly [string, string])[] = [
  ['windlass hist', 'windlass history'],
  ['windlass deploy -e stag', 'windlass deploy -e staging'],
  ['windlass logs hab', 'windlass logs habits'],
  ['windlass ledger ver', 'windlass ledger verify'],
  ['windlass destroy --conf', 'windlass destroy --confirm'],
];

let env: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  const folder = await temporaryFolder('shells');
  const main = resolve('src/cli/main.ts');
  const program = `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`;
  await writeFile(join(folder, 'windlass'), program);
  await chmod(join(folder, 'windlass'), 0o755);
  const PATH = `${folder}:${process.env['PATH']}`;
  env = { PATH, WINDLASS_ROOT: resolve('.'), HOME: folder, TERM: 'dumb' };
});

describe.skipIf(!installed(shells[2]))('fish, by its own engine', () => {
  it.each(lines)('makes "%s" to "%s"', async (line, wanted) => {
    const script = `windlass completion fish | source; complete -C '${line}'`;
    const { stdout } = await execa(shells[2], ['--no-config', '-c', script], {
      env,
      stdin: 'ignore',
    });
    expect(stdout.split('\n')).toEqual([wanted.split(' ').at(-1)]);
  });
});
