import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readServices } from '../../src/gcp/run.ts';
import { disableVersion, newestEnabled } from '../../src/gcp/secrets.ts';
import { clearPassword } from '../../src/postgres/roles.ts';
import { plantedVariable, struckFile } from '../../src/rehearsal/planted.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { ask } from '../../src/smoke/ask.ts';
import { reachOf } from '../../src/smoke/reach.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { prepareNextRelease } from './next-release.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';

const role = 'agent_service';
let rig: Rig;
let file: string;
let first: Release;
let second: Release;

/** A release that was deployed: its id, its windlass.yaml, and the world that it made. */
interface Release {
  readonly id: string;
  readonly yaml: string;
  readonly lines: readonly string[];
}

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  file = join(rig.home, 'planted.json');
  await plant([]);
  rig.env[plantedVariable] = file;
  await rig.killWorker().catch(() => undefined); // the next one knows the file
  first = await deployed();
  await prepareNextRelease(rig);
  await succeeds('deploy');
  second = await deployed();
  // From here on this is another machine: no sources, no records of earlier runs.
  await rm(join(rig.root, 'examples'), { recursive: true });
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
      /is back on r-\w+; its traffic was restored after [\d.]+ s \(moved in [\d.]+ s\)/,
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

  it('is refused before anything moves where a role of that release cannot log in', async () => {
    const before = (await rig.fingerprint()).lines;
    await clearPassword(await requireDatabase(await rig.site()), role);
    const said = await refused();
    expect(said).toContain('SERVICE_LOGIN_REFUSED');
    expect(said).toContain('agent cannot log in to its database');
    expect((await rig.fingerprint()).lines).toEqual(before);
    expect(await followFix(said)).toContain('agent_service has the password of version');
  });

  it('is refused before anything moves where a version that it reads is disabled', async () => {
    const { google } = await rig.site();
    const before = (await rig.fingerprint()).lines;
    const secret = 'habits-database-url';
    const version = Number(await newestEnabled(google, secret));
    await disableVersion(google, { secret, version });
    const said = await refused();
    expect(said).toContain('SECRET_VERSION_LOST');
    expect(said).toContain(`version ${version} of ${secret} is disabled`);
    expect(said).not.toMatch(/traffic +(begins|done)/);
    expect(await followFix(said)).toContain(`${secret}: version ${version} enabled`);
    expect((await rig.fingerprint()).lines).toEqual(before);
  });

  it('never leads its traffic back, whatever fails after it; the next one goes on', async () => {
    const client = await watchJournal();
    let args = ['--to', first.id];
    for (const [activity, step] of slowSteps) {
      await plant([{ activity, when: 'before', class: 'undo' }]);
      const ended = await rig.windlass('rollback', '-e', 'production', ...args);
      expect(ended.exitCode, ended.all).toBe(5);
      expect(ended.all).toContain(`failed at ${step}; the traffic stays on ${first.id}`);
      expect(ended.all).toContain('next: make production-rollback');
      expect(await versionsAt(await rig.site())).toMatchObject(old);
      args = []; // it knows where it was going
    }
    await plant([]);
    const other = await rig.windlass('deploy', '-e', 'production', '--release', second.id);
    expect(other.exitCode, other.all).toBe(3);
    expect(other.all).toContain('make production-rollback');
    const elsewhere = await rig.windlass('rollback', '-e', 'production', '--to', second.id);
    expect(elsewhere.exitCode, elsewhere.all).toBe(3);
    expect(elsewhere.all).toContain(`being rolled back to ${first.id}`);
    await succeeds('rollback');
    const seen = await client.end();
    expect(seen.length).toBeGreaterThan(20);
    expect(seen.slice(seen.indexOf('1.0.0'))).not.toContain('2.0.0');
    expect(seen.at(-1)).toBe('1.0.0');
    expect(await worldOf(first)).toEqual(first.lines);
    const { stdout } = await rig.windlass('status', '-e', 'production');
    expect(stdout).toContain(`release   ${first.id}`);
    expect(stdout).not.toContain('unfinished');
  }, 600_000);

  it('is in the ledger, each attempt with how it ended', async () => {
    const entries = (await readLedger(await rig.site())).slice(-slowSteps.length - 1);
    expect(entries.map(({ kind, failedStep, outcome }) => [kind, failedStep, outcome])).toEqual([
      ...slowSteps.map(([, step]) => ['rollback', step, 'failed-past-pivot']),
      ['rollback', undefined, 'succeeded'],
    ]);
    const listed = await rig.windlass('releases', '-e', 'production');
    expect(listed.stdout).toContain(first.id);
    expect(listed.stdout).toContain(second.id);
  });
});

const old = { journal: '1.0.0', meals: '1.0.0' };
/** The activity in which a failure is planted, and its step. */
const slowSteps = [
  ['backUp', 'backup'],
  ['proveLogins', 'logins'],
  ['applyTargetServices', 'services'],
  ['downgradeToTarget', 'schema'],
] as const;

async function plant(planted: readonly object[]): Promise<void> {
  await rm(struckFile(file), { force: true });
  await writeFile(file, JSON.stringify(planted));
}

/** A rollback to the first release that is refused and touches nothing. */
async function refused(): Promise<string> {
  const ended = await rig.windlass('rollback', '-e', 'production', '--to', first.id);
  expect(ended.exitCode, ended.all).toBe(3);
  expect(ended.all).toContain('nothing was changed');
  expect(await versionsAt(await rig.site())).toMatchObject({ journal: '2.0.0', meals: '2.0.0' });
  return ended.all;
}

/** Types the command that a refusal names; what it answered. */
async function followFix(said: string): Promise<string> {
  const command = /`windlass (secrets enable [^`]+)`/.exec(said)?.[1] ?? '';
  const ended = await rig.windlass(...command.split(' '));
  expect(ended.exitCode, `${command}: ${ended.all}`).toBe(0);
  return ended.stdout;
}

/** A client that asks the journal for its version, again and again, until it is told to end. */
async function watchJournal() {
  const site = await rig.site();
  const seen: string[] = [];
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      const service = (await readServices(site.google)).find(({ name }) => name === 'journal');
      if (!service) throw new Error('there is no journal');
      const { body } = await ask(await reachOf(site, service, {}), { path: '/readyz' });
      seen.push(Version.safeParse(body).data?.version ?? 'none');
      await pause(100);
    }
  })();
  return {
    end: async (): Promise<readonly string[]> => {
      over.abort();
      await watching;
      return seen;
    },
  };
}

const Version = z.looseObject({ version: z.string() });

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
