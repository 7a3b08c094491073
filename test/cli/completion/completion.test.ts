import { chmod, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { execa } from 'execa';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { candidates } from '../../../src/cli/completion/candidates.ts';
import { scripts } from '../../../src/cli/completion/scripts.ts';
import { temporaryFolder } from '../../setup/process.ts';

// Each completion starts the program anew.
vi.setConfig({ testTimeout: 120_000 });

const tide = new Command('tide')
  .argument('<service|step>')
  .addOption(new Option('-e, --environment <name>'))
  .addOption(new Option('--stack <stack>').choices(['one', 'two']))
  .option('--json')
  .addCommand(new Command('high'))
  .addCommand(new Command('low').option('--deep'));
const known = {
  commands: ['tide', 'time'],
  command: async (name: string) => (name === 'tide' ? tide : undefined),
  wordsFor: async (name: string) => (name === '--environment' ? ['production', 'staging'] : []),
};

describe('what a line may become', () => {
  it.each([
    ['a command', ['ti'], ['tide', 'time']],
    ['nothing after an unknown command', ['none', ''], []],
    ['a command below it', ['tide', 'h'], ['high']],
    ['an environment', ['tide', '-e', ''], ['production', 'staging']],
    ['an environment after =', ['tide', '--environment', '=', 'p'], ['production']],
    ['an environment right after =', ['tide', '--environment', '='], ['production', 'staging']],
    ['one of the choices', ['tide', '--stack', 't'], ['two']],
    ['a flag', ['tide', '--j'], ['--json']],
    ['a flag of what is below', ['tide', 'low', '--d'], ['--deep']],
    ['a command after a flag’s value', ['tide', '-e', 'staging', 'l'], ['low']],
  ])('%s', async (_what, line, wanted) => {
    expect(await candidates(line, known)).toEqual(wanted);
  });
});

describe('bash, for real', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await temporaryFolder('completion');
    const main = resolve('src/cli/main.ts');
    await writeFile(
      join(folder, 'windlass'),
      `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`,
    );
    await chmod(join(folder, 'windlass'), 0o755);
  });

  /** What bash has for the last of these words. */
  async function completed(...words: readonly string[]): Promise<readonly string[]> {
    const script = [
      'source <(windlass completion bash)',
      `COMP_WORDS=(windlass ${words.map((word) => `'${word}'`).join(' ')})`,
      `COMP_CWORD=${words.length}`,
      '_windlass; printf "%s\\n" "${COMPREPLY[@]}"',
    ].join('\n');
    const env = { PATH: `${folder}:${process.env['PATH']}`, WINDLASS_ROOT: resolve('.') };
    // Bash takes a socket as its input for a login from afar, and reads the user's files.
    const options = { env, stdin: 'ignore' } as const;
    const { stdout, stderr } = await execa('bash', ['--norc', '-eu', '-c', script], options);
    expect(stderr).toBe('');
    return stdout.split('\n');
  }

  it.each([
    [['hist'], ['history']],
    [
      ['deploy', '-e', ''],
      ['production', 'staging'],
    ],
    [['logs', 'hab'], ['habits']],
    [['ledger', 'ver'], ['verify']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['diff', '--e'], ['--environment']],
  ])('completes %j', async (words, wanted) => {
    expect(await completed(...words)).toEqual(wanted);
  });

  it('does not list what is for scripts alone', async () => {
    expect(await completed('comp')).toEqual(['completion']);
  });
});

describe.each([
  ['zsh', '-n'],
  ['fish', '--no-execute'],
] as const)('%s', (shell, check) => {
  it('can read its script, where it is installed', async (context) => {
    const found = await execa(shell, ['--version'], { reject: false });
    if (found.exitCode !== 0) return context.skip();
    const file = join(await temporaryFolder('completion'), 'script');
    await writeFile(file, scripts[shell]);
    expect((await execa(shell, [check, file], { reject: false })).stderr).toBe('');
  });
});
