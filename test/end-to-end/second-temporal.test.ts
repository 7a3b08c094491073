import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLease } from '../../src/lease/read-lease.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { everyRunOf } from '../../src/stacks/every-run.ts';
import { isAlive } from '../../src/terraform/process-identity.ts';
import { readRecord } from '../../src/terraform/run-record.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { otherLane } from './lane.ts';
import { breakCalls, mend, stands, until, withRun } from './midway.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';

// Two checkouts on two laptops, each with a Temporal of its own, and one cloud.
const env = { WINDLASS_LEASE: '2/10/15', WINDLASS_LOCK_PATIENCE: '5' };
let one: Rig;
let other: Rig;
let deploying: ReturnType<typeof deploy>;
const main = resolve(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

const deploy = (options: { readonly env: Rig['env']; readonly reject: false }) =>
  execa(process.execPath, [main, 'deploy', '-e', 'production'], options);

beforeAll(async () => {
  one = await openDeployedRig({ env, few: true });
  other = await openRig({
    beside: one,
    few: true,
    namespace: otherLane,
    env: { ...env, WINDLASS_ACTOR: 'eve' },
  });
  await one.edit('examples/wellness/journal/main.py', 'VERSION = "1.0.0"', 'VERSION = "2.0.0"');
  await other.edit('examples/wellness/meals/main.py', 'VERSION = "1.0.0"', 'VERSION = "3.0.0"');
  // Held until the end of the test, and never carried out.
  const hold = { status: 503, delayMs: 600_000 };
  await breakCalls(one, { method: 'PATCH', pathPattern: '/services/journal', ...hold });
  deploying = deploy({ env: one.env, reject: false });
  await withRun(one, (run) => until(run, stands('services', 'running')));
}, 900_000);

afterAll(async () => {
  await other?.close();
  await one?.close();
});

describe('while a deploy of another Temporal is alive', () => {
  it.each([
    ['deploy', ['deploy']],
    ['rollback', ['rollback']],
    ['secrets rotate', ['secrets', 'rotate', 'habits']],
    ['secrets retire', ['secrets', 'retire', 'habits']],
    ['recover', ['recover', '--yes']],
    ['recover --reconcile', ['recover', '--reconcile']],
    ['drill', ['drill']],
    ['state restore', ['state', 'restore', '--stack', '20-services']],
  ])('%s is told who deploys what since when from where, exit 6', async (_name, command) => {
    const ended = await other.windlass(...command, '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(6);
    expect(ended.all).toContain('ENVIRONMENT_BUSY');
    expect(ended.all).toMatch(
      new RegExp(
        `rig \\(\\w+\\) started the deploy \\S+ of r-\\w+ from ${hostname()} at 20\\d\\d-\\S+Z`,
      ),
    );
  });

  it('status says it too, and a plan may look', async () => {
    const status = await other.windlass('status', '-e', 'production');
    expect(status.all).toMatch(
      new RegExp(`lease +rig \\(\\w+\\) started the deploy .* from ${hostname()}`),
    );
    expect(status.all).toContain('recover -e production --reconcile');
  });
});

describe('once its machine is gone for good', () => {
  it('a reconciliation waits until its lease has run out, and asks before it frees a lock', async () => {
    const before = await versionsAt(await one.site());
    await killMachine(one);
    await mend(one);
    const refused = await other.windlass('recover', '-e', 'production', '--reconcile');
    expect(refused.exitCode, refused.all).toBe(6);
    expect(refused.all).toContain('windlass state unlock -e production --stack 20-services');
    const unlocked = await other.windlass(
      ...['state', 'unlock', '-e', 'production', '--stack', '20-services', '--yes'],
    );
    expect(unlocked.exitCode, unlocked.all).toBe(0);
    const ended = await other.windlass('recover', '-e', 'production', '--reconcile');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(await readLease(await one.site())).toBeUndefined();
    expect(await versionsAt(await one.site())).toEqual(before);
  });

  it('the next deploy is that of the other checkout, and no other', async () => {
    const ended = await other.windlass('deploy', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    const versions = await versionsAt(await one.site());
    expect(versions).toMatchObject({ journal: '1.0.0', meals: '3.0.0' });
  });

  it('the machine that comes back changes nothing any more, and says so', async () => {
    const before = (await one.fingerprint()).lines;
    const status = await one.windlass('status', '-e', 'production', '--watch');
    expect(status.exitCode, status.all).toBe(5);
    expect(status.all).toContain('LEASE_LOST');
    expect((await one.fingerprint()).lines).toEqual(before);
    const entries = (await readLedger(await one.site())).slice(-3);
    expect(entries.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'deploy terminated',
      'reconcile reconciled',
      'deploy succeeded',
    ]);
  });
});

/** Everything of a rig's but the cloud: command line, worker, supervisors and their terraform. */
async function killMachine(rig: Rig): Promise<void> {
  deploying.kill('SIGKILL');
  await deploying;
  await rig.killWorker();
  for (const folder of await everyRunOf(rig, '20-services')) {
    const record = await readRecord(folder);
    for (const its of [record?.supervisor, record?.terraform])
      if (its && (await isAlive(its))) process.kill(its.pid, 'SIGKILL');
  }
}
