import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Certificate } from '../../src/rehearsal/certificate.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';
import { held } from '../../src/held.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openRig({ few: true });
});

afterAll(async () => {
  await rig.close();
});

describe('a rehearsal', () => {
  it('that is stopped leaves no process and no file behind', async () => {
    const rehearsal = held(rehearse('--short'));
    const scratch = join(rig.home, 'rehearsal');
    await vi.waitUntil(async () => (await processesOf(scratch)).length > 2, { timeout: 100_000 });
    rehearsal.kill('SIGINT');
    expect((await rehearsal).exitCode).toBe(130);
    expect(await processesOf(scratch)).toEqual([]);
    expect(existsSync(scratch)).toBe(false);
  });

  it('is asked for by --require-rehearsal, and nothing is touched without one', async () => {
    const ended = await rig.windlass('deploy', '-e', 'production', '--require-rehearsal');
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.all).toContain('REHEARSAL_MISSING');
  });

  it('breaks every step, finds the world as before, and certifies it', async () => {
    const ended = await rehearse('--short', '--json');
    expect(ended.exitCode, ended.stderr).toBe(0);
    const { passed, form, release, cases } = Certificate.parse(JSON.parse(ended.stdout));
    expect({ passed, form }).toEqual({ passed: true, form: 'short' });
    expect(ended.stderr).toContain(`certificate: rehearsals/${release}.json`);
    expect(cases.flatMap(({ cells }) => cells).length).toBeGreaterThan(10);
    expect(ended.stderr).toMatch(/under load: users wrote \d\d+ rows meanwhile, none is missing/);
    expect(cases.every(({ load }) => load?.missing === 0 && load.rows > 0)).toBe(true);
    expect(existsSync(join(rig.home, 'rehearsal'))).toBe(false);
  }, 900_000);

  it('lets exactly the rehearsed release through', async () => {
    const deployed = await rig.windlass('deploy', '-e', 'production', '--require-rehearsal');
    expect(deployed.exitCode, deployed.all).toBe(0);
    await rig.edit('examples/wellness/meals/main.py', 'VERSION = "1.0.0"', 'VERSION = "1.0.1"');
    const changed = await rig.windlass('deploy', '-e', 'production', '--require-rehearsal');
    expect(changed.exitCode, changed.all).toBe(3);
    expect(changed.all).toContain('REHEARSAL_MISSING');
  });
});

/** A rehearsal takes longer than the rig's patience with a command. */
function rehearse(...args: readonly string[]) {
  const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
  const argv = [main, 'rehearse', '-e', 'production', ...args];
  return execa(process.execPath, argv, { env: rig.env, reject: false });
}

/** The processes that work for a home, by what they were started with. */
async function processesOf(home: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = ids.map(async (id) => {
    const parts = ['cmdline', 'environ'].map((part) => readFile(`/proc/${id}/${part}`, 'utf8'));
    const texts = await Promise.all(parts.map((part) => part.catch(() => '')));
    return texts.some((text) => text.includes(home)) ? [`${id} ${texts[0]}`] : [];
  });
  return (await Promise.all(all)).flat();
}
