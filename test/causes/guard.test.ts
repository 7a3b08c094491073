import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../setup/process.ts';

const repository = resolve(import.meta.dirname, '..', '..');
let home = '';

beforeAll(async () => {
  home = await temporaryFolder('guard');
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** Runs two works side by side in a process of their own; `breaks` is what the first one does. */
async function run(breaks: string, { attempt = 1, idle = '' } = {}) {
  const file = join(home, 'program.mjs');
  await rm(join(home, 'run'), { recursive: true, force: true });
  await writeFile(
    file,
    `import { setTimeout as pause } from 'node:timers/promises';
import { createWriteStream } from 'node:fs';
import { EventEmitter } from 'node:events';
import { guarded } from '${repository}/src/causes/guard.ts';
import { listenForCrashes } from '${repository}/src/causes/listen.ts';
listenForCrashes(${JSON.stringify(home)}, { error: () => undefined });
const signal = new AbortController();
const one = async () => { await pause(5); ${breaks}; await pause(300, 0, { signal: signal.signal }); return 'done'; };
const two = async () => { await pause(200); return 'done'; };
const tell = (work) => work.then((value) => ({ value }), (e) => ({ code: e.code, what: e.what, why: e.why, class: e.class }));
const about = { attempt: ${attempt}, interrupt: (failure) => signal.abort(failure) };
const ends = await Promise.all([
  tell(guarded({ name: 'one', ...about }, one)),
  tell(guarded({ name: 'two', ...about, interrupt: () => undefined }, two)),
]);
console.log(JSON.stringify(ends));
${idle}
`,
  );
  const ended = await execa(process.execPath, [file], { reject: false, all: true });
  const record = await readFile(join(home, 'run', 'crash.json'), 'utf8').catch(() => 'null');
  const [line = 'null'] = ended.stdout.split('\n');
  const ends: { readonly [field: string]: unknown }[] | null = JSON.parse(line || 'null');
  const crash: Record<string, unknown> | null = JSON.parse(record);
  return { exitCode: ended.exitCode, all: ended.all, one: ends?.[0], two: ends?.[1], crash };
}

const kinds = {
  'a promise that nobody awaits': `void Promise.reject(new Error('boom'))`,
  'a promise that is awaited too late': `const p = (async () => { await pause(1); throw new Error('boom'); })(); await pause(50, 0, { signal: signal.signal }); await p`,
  'a throw in a timer': `setTimeout(() => { throw new Error('boom'); }, 5)`,
  'a throw in an event handler': `const e = new EventEmitter(); e.on('x', () => { throw new Error('boom'); }); setImmediate(() => e.emit('x'))`,
  'an error event that nobody hears': `setImmediate(() => new EventEmitter().emit('error', new Error('boom')))`,
  'an async event handler': `const e = new EventEmitter(); e.on('x', async () => { throw new Error('boom'); }); e.emit('x')`,
  'something that is no Error': `void Promise.reject('boom')`,
};

describe('an uncaught error fails the work that it came from, and no other', () => {
  it.each(Object.entries(kinds))('%s', async (_, breaks) => {
    const { exitCode, one, two, crash, all } = await run(breaks);
    expect(one, all).toMatchObject({ code: 'ERROR_UNCAUGHT', class: 'retry' });
    expect(one?.['what']).toBe('An uncaught error ended one: boom');
    expect(two).toEqual({ value: 'done' });
    expect(crash).toMatchObject({ fatal: false, activities: ['one'], what: 'boom' });
    expect(exitCode).toBe(0);
  });

  it('is not tried a third time', async () => {
    const { one } = await run(kinds['a throw in a timer'], { attempt: 2 });
    expect(one).toMatchObject({ code: 'ERROR_UNCAUGHT', class: 'undo' });
  });

  it('keeps the cause of a known one: a stream without a listener', async () => {
    const { one, crash } = await run(`createWriteStream('/not/there').write('a')`);
    expect(one).toMatchObject({
      code: 'FILE_MISSING',
      class: 'undo',
      what: '/not/there does not exist',
    });
    expect(crash).toMatchObject({ code: 'FILE_MISSING', activities: ['one'] });
  });

  it('one of work that has ended harms nobody', async () => {
    const late = `setTimeout(() => { throw new Error('late'); }, 100); return 'early'`;
    const { exitCode, one, two, crash } = await run(late);
    expect([exitCode, one, two]).toEqual([0, { value: 'early' }, { value: 'done' }]);
    expect(crash).toMatchObject({ fatal: false, what: 'late' });
  });

  it('one that belongs to no work ends the process and leaves its cause', async () => {
    const idle = `setTimeout(() => { throw new Error('idle'); }, 5); await pause(1000);`;
    const { exitCode, crash } = await run('', { idle });
    expect(exitCode).toBe(1);
    expect(crash).toMatchObject({ version: 1, fatal: true, activities: [], what: 'idle' });
  });
});
