import { execFile } from 'node:child_process';
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../setup/process.ts';

// Each violation is planted in a tree of its own, with the project's own lint configuration.
const violations = [
  ['workflows/a.ts', `import fs from 'node:fs'; fs.existsSync('a');`, 'no-restricted-imports'],
  ['workflows/b.ts', `import fs from 'node:fs/promises'; void fs;`, 'no-restricted-imports'],
  ['workflows/c.ts', `import { z } from 'zod'; z.string();`, 'no-restricted-imports'],
  ['workflows/d.ts', `import { act } from '../activities/act.ts'; act();`, 'no-restricted-imports'],
  ['workflows/e.ts', `import { call } from '../src/gcp/call.ts'; call();`, 'no-restricted-imports'],
  ['workflows/f.ts', `import { up } from '../sandbox/up.ts'; up();`, 'no-restricted-imports'],
  ['activities/a.ts', `import { up } from '../sandbox/up.ts'; up();`, 'no-restricted-imports'],
  [
    'activities/b.ts',
    `import { main } from '../src/cli/main.ts'; main();`,
    'no-restricted-imports',
  ],
  [
    'activities/c.ts',
    `import { run } from '../workflows/index.ts'; run();`,
    'no-restricted-imports',
  ],
  ['src/a.ts', `import { up } from '../sandbox/up.ts'; up();`, 'no-restricted-imports'],
  ['src/gcp/b.ts', `import { up } from '../../sandbox/up.ts'; up();`, 'no-restricted-imports'],
  [
    'src/gcp/c.ts',
    `import { act } from '../../activities/act.ts'; act();`,
    'no-restricted-imports',
  ],
  ['src/gcp/d.ts', `import { up } from '../../sandbox/up.ts'; up();`, 'no-restricted-imports'],
  ['sandbox/a.ts', `import { call } from '../src/gcp/call.ts'; call();`, 'no-restricted-imports'],
  ['sandbox/b.ts', `import { act } from '../activities/act.ts'; act();`, 'no-restricted-imports'],
  [
    'sandbox/google/c.ts',
    `import { run } from '../../workflows/index.ts'; run();`,
    'no-restricted-imports',
  ],
  ['src/one.ts', `import { two } from './two.ts'; export const one = () => two();`, 'no-cycle'],
  ['src/float.ts', `export function f() { Promise.resolve(1); }`, 'no-floating-promises'],
  ['src/any.ts', `export const a: any = 1;`, 'no-explicit-any'],
  ['src/as.ts', `export const a = JSON.parse('1') as number;`, 'consistent-type-assertions'],
  ['src/bang.ts', `export const a = (b?: string) => b!.length;`, 'no-non-null-assertion'],
  ['src/default.ts', `export default 1;`, 'no-default-export'],
  ['src/long.ts', 'export const a = 1;\n'.repeat(1) + 'void 0;\n'.repeat(201), 'max-lines'],
  [
    'src/params.ts',
    `export function f(a: 1, b: 1, c: 1, d: 1, e: 1) { return [a,b,c,d,e]; }`,
    'max-params',
  ],
  ['src/console.ts', `console.log(1);`, 'no-console'],
] as const;

const allowed = {
  'activities/act.ts': `import { call } from '../src/gcp/call.ts';\nexport const act = () => call();\n`,
  'sandbox/up.ts': `import { word } from '../src/word.ts';\nexport const up = () => word;\n`,
  'src/cli/main.ts': `export const main = () => 1;\n`,
  'src/gcp/call.ts': `import { word } from '../word.ts';\nexport const call = () => word;\n`,
  'src/two.ts': `import { one } from './one.ts';\nexport const two = (): number => one();\n`,
  'src/word.ts': `export const word = 1;\n`,
  'workflows/index.ts': [
    `import type { act } from '../activities/act.ts';`,
    `import { word } from '../src/word.ts';`,
    `export type Act = typeof act;`,
    `export const run = () => word;`,
  ].join('\n'),
};

let folder = '';
let output = '';

beforeAll(async () => {
  folder = await temporaryFolder('fences');
  for (const [path, text] of [...Object.entries(allowed), ...violations]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await cp('.oxlintrc.json', join(folder, '.oxlintrc.json'));
  await cp('tsconfig.json', join(folder, 'tsconfig.json'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const lint = [resolve('node_modules/.bin/oxlint'), '--type-aware', '--format', 'unix', 'src'];
  const args = [...lint, 'workflows', 'activities', 'sandbox'];
  output = await promisify(execFile)(process.execPath, args, { cwd: folder }).then(
    () => 'no complaint at all',
    (error: { stdout: string }) => error.stdout,
  );
});

afterAll(() => rm(folder, { recursive: true }));

test.each(violations)('the fence fires on %s: %s', (path, _text, complaint) => {
  const complaints = output.split('\n').filter((line) => line.includes(`${path}:`));
  expect(complaints.join('\n')).toContain(complaint);
});

test.each(Object.keys(allowed).filter((path) => path !== 'src/two.ts'))(
  'the fence lets %s pass',
  (path) => {
    expect(output).not.toMatch(new RegExp(`^[^\\n]*${path}:`, 'm'));
  },
);
