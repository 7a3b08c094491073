import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { held } from '../../src/held.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let flag = '';

// Loaded into the worker alone: throws where nobody catches while the flag's file is there.
const saboteur = (file: string) => `
import { existsSync } from 'node:fs';
if (process.argv[1]?.endsWith('/src/worker.ts'))
{
  const send = process.send?.bind(process);
  // Without a word, as the kernel does it where memory runs out, right after it was ready.
  process.send = (...said) => {
    const sent = send(...said);
    if (existsSync(${JSON.stringify(`${file}-silently`)})) process.kill(process.pid, 'SIGKILL');
    return sent;
  };
  setInterval(() => { if (existsSync(${JSON.stringify(file)})) throw new Error('planted in the worker'); }, 50).unref();
}
`;

beforeAll(async () => {
  rig = await openRig({ few: true });
  flag = join(rig.root, 'break-the-worker');
  const file = join(rig.root, 'saboteur.mjs');
  await writeFile(file, saboteur(flag));
  rig.env['NODE_OPTIONS'] = `--import=${file}`;
  const up = await rig.windlass('sandbox', 'up');
  if (up.exitCode !== 0) throw new Error(up.all);
});

afterAll(() => rig.close());

describe('a worker that meets an error which nobody caught', () => {
  it('fails the run with its cause on the screen, after one more try', async () => {
    const running = held(rig.windlass('plan', '-e', 'production'));
    await writeFile(flag, '');
    const ended = await running;
    await rm(flag);
    expect(ended.all).toContain('planted in the worker');
    expect(ended.all).not.toMatch(/(another one takes over[\s\S]*){3}/);
    expect([3, 5], ended.all).toContain(ended.exitCode);
  });

  it('and the next run goes through', async () => {
    const ended = await rig.windlass('plan', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
  });

  it('gives up after ten deaths without a word, says what to type, and that goes on', async () => {
    await rig.windlass('sandbox', 'down');
    await writeFile(`${flag}-silently`, '');
    const ended = await rig.windlass('plan', '-e', 'production');
    await rm(`${flag}-silently`);
    expect(ended.all).toContain('10 workers ended with no output');
    expect(ended.all).toContain('[WORKER_ENDS]');
    expect(ended.exitCode, ended.all).toBe(5);
    const on = await rig.windlass('status', '-e', 'production', '--watch');
    expect(on.exitCode, on.all).toBe(0);
  });

  it('says why it cannot start, and nothing was touched', async () => {
    const bundle = rig.env['WINDLASS_WORKFLOW_BUNDLE'] ?? '';
    await rig.windlass('sandbox', 'down');
    rig.env['WINDLASS_WORKFLOW_BUNDLE'] = join(rig.root, 'no-such-bundle.js');
    const ended = await rig.windlass('plan', '-e', 'production');
    rig.env['WINDLASS_WORKFLOW_BUNDLE'] = bundle;
    expect(ended.all).toContain('[WORKER_FAILED]');
    expect(ended.all).toContain('no-such-bundle.js');
    expect(ended.exitCode, ended.all).toBe(3);
  });
});
