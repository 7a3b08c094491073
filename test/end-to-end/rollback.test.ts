import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareNextRelease } from './next-release.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let first: Release;
let second: Release;

/** A release that was deployed: its id, its windlass.yaml, and the world that it made. */
interface Release {
  readonly id: string;
  readonly yaml: string;
  readonly lines: readonly string[];
}

beforeAll(async () => {
  rig = await openRig();
  await succeeds('deploy');
  first = await deployed();
  await prepareNextRelease(rig);
  await succeeds('deploy');
  second = await deployed();
  // From here on this is another machine: no sources, no records of earlier runs.
  for (const folder of ['infra', 'examples']) await rm(join(rig.root, folder), { recursive: true });
  await rm(join(rig.home, 'runs'), { recursive: true });
});

afterAll(async () => {
  await rig.close();
});

describe('a rollback without the working tree', () => {
  it('brings the world of the release before back, traffic first', async () => {
    expect((await readdir(rig.root)).sort()).toEqual(['.windlass', 'windlass.yaml']);
    const ended = await succeeds('rollback');
    expect(ended).toMatch(
      /back at r-\w+; its traffic was back after [\d.]+ s \(moved in [\d.]+ s\)/,
    );
    expect(ended.indexOf('traffic    done')).toBeLessThan(ended.indexOf('services   begins'));
    expect(await worldOf(first)).toEqual(first.lines);
  });

  it('leaves nothing to change for that release', async () => {
    expect(await succeeds('plan', '--release', first.id)).toContain('nothing to change');
    expect(await worldOf(first)).toEqual(first.lines);
  });

  it('can be followed by a deploy of the newer release, which makes the same world again', async () => {
    await succeeds('deploy', '--release', second.id);
    expect(await worldOf(second)).toEqual(second.lines);
    expect(await succeeds('plan', '--release', second.id)).toContain('nothing to change');
  });

  it('goes to a release that is named', async () => {
    await succeeds('rollback', '--to', first.id);
    expect(await worldOf(first)).toEqual(first.lines);
    const listed = await rig.windlass('releases', '-e', 'production');
    expect(listed.stdout).toContain(first.id);
    expect(listed.stdout).toContain(second.id);
  });
});

async function succeeds(...[verb, ...args]: [string, ...string[]]): Promise<string> {
  const ended = await rig.windlass(verb, '-e', 'production', ...args);
  expect(ended.exitCode, ended.all).toBe(0);
  return ended.all;
}

async function deployed(): Promise<Release> {
  const yaml = await readFile(join(rig.root, 'windlass.yaml'), 'utf8');
  const { stdout } = await rig.windlass('releases', '-e', 'production');
  const id = /^(\S+).*$/.exec(stdout.trim().split('\n').at(-1) ?? '')?.[1] ?? '';
  return { id, yaml, lines: nameless((await rig.fingerprint()).lines) };
}

/** The world as the release's own windlass.yaml sees it. */
async function worldOf({ yaml }: Release): Promise<readonly string[]> {
  await writeFile(join(rig.root, 'windlass.yaml'), yaml);
  return nameless((await rig.fingerprint()).lines);
}

/** Revisions are numbered through; what they are made of counts. */
function nameless(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/^(traffic \S+ \d+ %) \S+/, '$1')).sort();
}
