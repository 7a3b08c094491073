import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessVersion } from '../../src/gcp/secrets.ts';
import { clearPassword, setRolePassword } from '../../src/postgres/roles.ts';
import { loginOf } from '../../src/secret-values/database-url.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { prepareNextRelease } from './next-release.ts';
import type { Rig } from './rig.ts';

const role = 'practices_service';
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
  rig = await openDeployedRig();
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
    expect(ended.indexOf('traffic    done')).toBeLessThan(ended.search(/:\d\d services +\w/));
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

  it('returns to where it came from when a role of that release cannot log in', async () => {
    const before = (await rig.fingerprint()).lines;
    await clearPassword(await requireDatabase(await rig.site()), role);
    const ended = await rig.windlass('rollback', '-e', 'production', '--to', first.id);
    expect(ended.exitCode, ended.all).toBe(4);
    expect(ended.all).toContain('SERVICE_LOGIN_REFUSED');
    expect(ended.all).toContain('practices cannot log in to its database');
    expect(ended.all.indexOf('traffic    done')).toBeLessThan(ended.all.search(/:\d\d logins +\w/));
    expect((await rig.fingerprint()).lines).toEqual(before);
    await restorePassword();
  });

  it('goes to a release that is named', async () => {
    const ended = await succeeds('rollback', '--to', first.id);
    expect(ended.indexOf('logins     done')).toBeLessThan(ended.search(/:\d\d services +\w/));
    expect(await worldOf(first)).toEqual(first.lines);
    const listed = await rig.windlass('releases', '-e', 'production');
    expect(listed.stdout).toContain(first.id);
    expect(listed.stdout).toContain(second.id);
  });
});

async function restorePassword(): Promise<void> {
  const site = await rig.site();
  const kept = { secret: 'practices-database-url', version: 'latest' } as const;
  const { password } = loginOf(String(await accessVersion(site.google, kept)), undefined);
  await setRolePassword(await requireDatabase(site), { role, password });
}

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
