import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCommand } from '../../src/smoke/command.ts';
import { identify } from '../../src/terraform/process-identity.ts';
import { temporaryFolder } from '../setup/process.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder('command');
});
afterAll(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
const run = (script: string, seconds = 60, signal = never) =>
  runCommand({ command: ['node', '-e', script], folder, seconds, env: { SAID: 'it' } }, signal);

test('a command that ends with 0 has passed', async () => {
  expect(await run('console.log(process.env.SAID)')).toEqual({ output: 'it' });
});

test('another end is told, with the last lines of both outputs', async () => {
  const script = "console.log('a'); console.error('b'); process.exitCode = 3";
  const { wrong, output } = await run(script);
  expect(wrong).toBe('exit code 3');
  expect(output.split('\n').sort()).toEqual(['a', 'b']);
});

test('a command gets nothing of the worker’s own variables', async () => {
  process.env['SUPABASE_ACCESS_TOKEN'] = 'not for a test';
  const { output } = await run('console.log(Object.keys(process.env).sort().join())');
  delete process.env['SUPABASE_ACCESS_TOKEN'];
  expect(output).toBe('PATH,SAID');
});

test('a command without an end is ended with all that it began', async () => {
  const script = `const { spawn } = require('node:child_process');
    console.log(spawn('sleep', ['600'], { stdio: 'inherit' }).pid);
    setInterval(() => undefined, 1000);`;
  const { output, wrong } = await run(script, 3);
  expect(wrong).toBe('it did not end within 3 s');
  await vi.waitUntil(async () => (await identify(Number(output))) === undefined);
});

test('a command is ended when the run is stopped', async () => {
  const stopping = new AbortController();
  const running = run('setInterval(() => undefined, 1000)', 60, stopping.signal);
  stopping.abort(new Error('the run is stopped'));
  await expect(running).rejects.toThrow('the run is stopped');
});

test('a program that is not there is named', async () => {
  const command = { command: ['no-such-program-here'], folder, seconds: 9, env: {} };
  expect(await runCommand(command, never)).toMatchObject({
    wrong: 'there is no program no-such-program-here',
  });
});
