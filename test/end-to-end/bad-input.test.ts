import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodeFor } from '../../src/cli/exit-codes.ts';
import { preflight } from '../../src/doctor/preflight.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let file: string;
let sound: string;

beforeAll(async () => {
  rig = await openRig();
  file = join(rig.root, 'windlass.yaml');
  sound = await readFile(file, 'utf8');
});

afterAll(async () => {
  await rig.close();
});

/** Deploys with a text of windlass.yaml replaced; the file is whole again afterwards. */
async function deployWith(from: string, to: string) {
  expect(sound).toContain(from);
  await writeFile(file, sound.replace(from, to));
  const ended = await rig.windlass('deploy', '-e', 'production');
  await writeFile(file, sound);
  return ended;
}

/** One failure of three lines, and neither sandbox nor world. */
async function expectRefusal(said: string): Promise<void> {
  expect(said.match(/✘/g), said).toHaveLength(1);
  expect(said).toMatch(/why: \S/);
  expect(said).toMatch(/fix: \S/);
  // The folder of the databases may have been tried; nothing was written into it.
  const world = await readdir(join(rig.home, 'world'), { recursive: true }).catch(() => []);
  expect(world.filter((path) => path !== 'supabase')).toEqual([]);
}

describe('a windlass.yaml that is wrong', () => {
  const habits = 'source: examples/wellness/habits';
  it.each([
    [
      'an unknown key',
      'name: wellness',
      'name: wellness\ncolour: red',
      /colour \(line 3\): is not a known key/,
    ],
    ['an unknown key of a service', habits, `${habits}\n    memroy: 1Gi`, /habits.*memroy/],
    [
      'a missing folder',
      habits,
      'source: examples/wellness/habit',
      /habits\.source \(line \d+\): the folder .*habit does not exist/,
    ],
    ['no image at all', `${habits}\n`, 'cpu: 1\n', /habits.*has no image/],
    ['a name of 27 characters', '  habits:\n', `  ${'h'.repeat(27)}:\n`, /at most 26 characters/],
    ['no YAML', 'services:', 'services: [', /not YAML/],
  ])('with %s is refused in one error', async (_name, from, to, says) => {
    const { exitCode, all } = await deployWith(from, to);
    expect(exitCode, all).toBe(2);
    expect(all).toMatch(says);
    await expectRefusal(all);
  });

  it('with a secret in env is refused, and the secret is not repeated', async () => {
    const value = 'postgres://someone:tulips@example.com/db';
    const env = `${habits}\n    env: { SOURCE: '${value}' }`;
    const { exitCode, all } = await deployWith(habits, env);
    expect(exitCode, all).toBe(2);
    expect(all).toMatch(/habits\.env\.SOURCE \(line \d+\): looks like a secret/);
    expect(all).not.toContain('tulips');
    await expectRefusal(all);
  });
});

describe('what cannot start in the clouds', () => {
  it('is refused before anything is touched, every service in one error', async () => {
    const { exitCode, all } = await deployWith('target: sandbox', 'target: cloud');
    expect(exitCode, all).toBe(3);
    expect(all).toContain('IMAGE_NOT_STARTABLE');
    for (const name of ['gateway', 'agent', 'journal', 'users']) expect(all).toContain(name);
    await expectRefusal(all);
  });
});

describe('a command that cannot be', () => {
  it('names an unknown environment: those that exist are told', async () => {
    const { exitCode, all } = await rig.windlass('deploy', '-e', 'prodution');
    expect(exitCode, all).toBe(2);
    expect(all).toContain('production, staging');
    await expectRefusal(all);
  });

  it.each([[['depoly']], [['deploy', '-e', 'production', '--fast']], [['deploy']]])(
    '%j is a mistake of use',
    async (args) => {
      const { exitCode, all } = await rig.windlass(...args);
      expect(exitCode, all).toBe(2);
      expect(all).toMatch(/error: (unknown (command|option)|required option)/);
    },
  );
});

describe('a machine that lacks something', () => {
  it('has no terraform', async () => {
    rig.env['WINDLASS_TERRAFORM'] = '/nonexistent/terraform';
    const { exitCode, all } = await rig.windlass('deploy', '-e', 'production');
    delete rig.env['WINDLASS_TERRAFORM'];
    expect(exitCode, all).toBe(3);
    expect(all).toContain('TERRAFORM_MISSING');
    await expectRefusal(all);
  });

  it('has a Node that is too old', async () => {
    const error: unknown = await preflight('22.11.0').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'NODE_TOO_OLD', what: 'Node 22.11.0 is too old' });
    expect(exitCodeFor(error)).toBe(3);
  });

  it('has the port in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const line = `name: wellness\nsandbox: { apiPort: ${port} }`;
    const { exitCode, all } = await deployWith('name: wellness', line);
    holder.close();
    expect(exitCode, all).toBe(3);
    expect(all).toContain('PORT_IN_USE');
    expect(all).toContain(String(port));
    await expectRefusal(all);
  });
});

/** The last one: from here on there is a sandbox. */
describe('a tree of which no release can be made', () => {
  it('is refused by the command line itself, with nothing touched', async () => {
    const path = join(rig.root, 'examples/wellness/users/Dockerfile');
    const whole = await readFile(path, 'utf8');
    await writeFile(path, '{');
    const { exitCode, all } = await rig.windlass('plan', '-e', 'production');
    await writeFile(path, whole);
    expect(exitCode, all).toBe(3);
    expect(all).toContain('DOCKERFILE_INVALID');
    expect(all).not.toContain('watch it:'); // no run was started
  });
});
