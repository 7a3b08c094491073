import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { z } from 'zod';

it.each(['--version', '-V'])(
  '%s says the version of the package, outside of any project too',
  async (flag) => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile('package.json', 'utf8')));
    const main = `${process.cwd()}/src/cli/main.ts`;
    const { stdout } = await execa(process.execPath, [main, flag], { cwd: '/' });
    expect(stdout).toBe(version);
  },
);
