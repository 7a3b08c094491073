import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { mentions } from '../../tools/check-examples.ts';
import { temporaryFolder } from '../setup/process.ts';

test('the program speaks of no example', async () => {
  expect(await mentions()).toEqual([]);
});

test('a word of an example is found by its file and line, and not in a test', async () => {
  const folder = await temporaryFolder('mentions');
  onTestFinished(() => rm(folder, { recursive: true }));
  await promisify(execFile)('git', ['init', '-q'], { cwd: folder });
  await mkdir(join(folder, 'infra', 'tests'), { recursive: true });
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'src', 'one.ts'), "one\nconst usual = 'Meals';\n");
  await writeFile(join(folder, 'infra', 'tests', 'a.hcl'), 'meals');
  for (const file of ['workflows', 'activities', 'sandbox', 'Makefile'])
    await writeFile(join(folder, file), '');
  expect(await mentions(folder)).toEqual(["src/one.ts:2: const usual = 'Meals';"]);
});
