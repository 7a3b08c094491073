import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../setup/process.ts';

const repository = resolve(import.meta.dirname, '..', '..');

// Each is the body of an async function that knows ask(), late(), bag and signal.
const bad = {
  'all-with-await': `await Promise.all([ask(), ask(await late())]);`,
  'array-then-await': `const both = [ask(), await late()]; return both;`,
  'object-then-await': `const both = { one: ask(), two: await late() }; return both.two;`,
  arguments: `await use(ask(), await late());`,
  'nested-all': `await Promise.all([Promise.all([ask(), ask()]), late(await late())]);`,
  'mapped-then-await': `await Promise.all([...[1, 2].map(() => ask()), await late()]);`,
  'list-then-await': `const all = [1, 2].map(async () => ask()); await late(); await Promise.all(all);`,
  'later-statement': `const one = ask(); await late(); return one;`,
  'later-branch': `const one = ask(); if (signal.aborted) return await late(); return one;`,
  'only-in-closure': `const one = ask(); await late(); return () => one;`,
  'for-await': `const one = ask(); for await (const part of [late()]) void part; return one;`,
  assigned: `let one: Promise<number>; one = ask(); await late(); return one;`,
  'finally-late': `const one = ask(); try { await late(); } finally { await one; }`,
  'never-used': `const one = ask(); await late(); return 1;`,
  'then-without-catch': `const one = ask().then((n) => n + 1); await late(); return one;`,
  'finally-is-no-catch': `const one = ask().finally(() => 1); await late(); return one;`,
  'on-an-object': `bag.one = ask(); return bag;`,
  'in-a-list': `const list: Promise<number>[] = []; list.push(ask()); return list;`,
  'in-a-map': `const map = new Map<string, Promise<number>>(); map.set('a', ask()); return map;`,
  'returned-in-object': `return { ended: ask() };`,
  'dropped-with-void': `void ask();`,
  'a-handler': `signal.addEventListener('abort', () => void ask());`,
  'pause-that-aborts': `const one = pause(5, 1, { signal }); await late(); return one;`,
  'new-promise': `const one = new Promise((_, no) => no(1)); await late(); return one;`,
  'a-parameter': `const f = async (p: Promise<number>) => { await late(); return p; }; return f(ask());`,
} as const;

const good = {
  'awaits-first': `const two = await late(); await Promise.all([ask(), ask(two)]);`,
  'await-before-the-other': `const both = [await late(), ask()]; return Promise.all(both);`,
  'all-at-once': `const one = ask(); await Promise.all([one, late()]);`,
  caught: `const one = ask().catch(() => 0); await late(); return one;`,
  'caught-by-then': `const one = ask().then(() => 1, () => 0); await late(); return one;`,
  settled: `const one = Promise.allSettled([ask()]); await late(); return one;`,
  held: `const one = held(ask()); await late(); return one;`,
  'held-on-an-object': `bag.one = held(ask()); return bag;`,
  'either-or': `return signal.aborted ? ask() : await late();`,
  'another-function': `const f = () => [ask()]; await late(); return Promise.all(f());`,
  'a-race': `return await Promise.race([ask(), late()]);`,
  'no-promises': `const both = [String(1), await late()]; return both;`,
  'pause-alone': `const one = pause(5); await late(); await one;`,
  'only-resolves': `const one = new Promise((yes) => yes(1)); await late(); return one;`,
  'reject-false': `const one = ask({ reject: false }); await late(); return one;`,
  returned: `return ask();`,
} as const;

let said = '';
let folder = '';

beforeAll(async () => {
  folder = await temporaryFolder('promises-');
  await mkdir(join(folder, 'code'));
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const compilerOptions = { target: 'es2024', lib: ['es2024'], module: 'nodenext', strict: true };
  const types = { types: ['node'], noEmit: true, allowImportingTsExtensions: true };
  const config = { compilerOptions: { ...compilerOptions, ...types }, include: ['code'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'code', 'words.ts'), words);
  for (const [kind, bodies] of Object.entries({ bad, good }))
    for (const [name, body] of Object.entries(bodies))
      await writeFile(join(folder, 'code', `${kind}-${name}.ts`), inFunction(body));
  const checker = join(repository, 'tools', 'check-promises.ts');
  const ended = await execa(process.execPath, [checker, 'tsconfig.json'], {
    cwd: folder,
    reject: false,
    all: true,
  });
  said = ended.all;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a promise that may reject while nobody listens is found', () => {
  test.each(Object.keys(bad))('%s', (name) => {
    expect(said).toContain(`code/bad-${name}.ts:`);
  });
});

describe('a promise that somebody listens to is left alone', () => {
  test.each(Object.keys(good))('%s', (name) => {
    expect(said).not.toContain(`code/good-${name}.ts:`);
  });
});

const words = `
export const ask = async (_?: unknown): Promise<number> => 1;
export const late = async (_?: unknown): Promise<number> => 2;
export const use = async (_a: Promise<number>, _b: number): Promise<void> => {};
export const bag: { one?: Promise<number> } = {};
export const signal = new AbortController().signal;
export function held<P extends Promise<unknown>>(promise: P): P {
  promise.catch(() => undefined);
  return promise;
}
`;

function inFunction(body: string): string {
  return `import { setTimeout as pause } from 'node:timers/promises';
import { ask, bag, held, late, signal, use } from './words.ts';
void [pause, ask, bag, held, late, signal, use];
export async function body() { ${body} }
`;
}
