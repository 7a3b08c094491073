import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerPid } from '../../src/cli/worker-process.ts';
import { removeObject, replaceObject } from '../../src/gcp/object-changes.ts';
import { listObjects } from '../../src/gcp/objects.ts';
import type { Report } from '../../src/report.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { breakCalls, mend, withRun } from './midway.ts';
import { prepareNextRelease } from './next-release.ts';
import { otherCode } from './other-code.ts';
import type { OtherCode } from './other-code.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';

let rig: Rig;
let newer: OtherCode;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  newer = await otherCode(rig);
  await prepareNextRelease(rig);
});

afterAll(async () => {
  await newer.remove();
  await rig.close();
});

const about = (...args: string[]) => rig.windlass(...args, '-e', 'production');
const updated = (...args: string[]) => newer.windlass(...args, '-e', 'production');
const stepsOf = async () =>
  withRun(rig, async (run) => {
    const { status, raw } = await run.describe();
    const ended: Report =
      status.name === 'COMPLETED' ? await run.result() : await run.query('report');
    const { deploymentVersion } = raw.workflowExecutionInfo?.versioningInfo ?? {};
    return { steps: ended.steps.map(({ id }) => id), build: deploymentVersion?.buildId };
  });

/** As on another machine: no worker, and no copy of its bundles. */
async function loseMachine(): Promise<void> {
  await rig.killWorker();
  await rm(join(rig.home, 'bundles'), { recursive: true });
}

/** The digest in the command that a waiting run names. */
function digestIn(all: string): string {
  return /approve (\w{12}) /.exec(all)?.[1] ?? all;
}

describe('an update of Windlass that changes a workflow', () => {
  it('lets a run that waits for its approval end by its own code, from the release bucket', async () => {
    const waiting = await about('deploy', '--wait-for-approval');
    expect(waiting.exitCode, waiting.all).toBe(8);
    const { build } = await stepsOf();
    await loseMachine();
    const status = await updated('status');
    expect(status.all).toContain('waiting-for-approval');
    const approved = await updated('approve', digestIn(waiting.all));
    expect(approved.exitCode, approved.all).toBe(0);
    const watched = await updated('status', '--watch');
    expect(watched.exitCode, watched.all).toBe(0);
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '2.0.0' });
    const ended = await stepsOf();
    expect(ended.steps).not.toContain('look');
    expect(ended.build).toBe(build);
  });

  it('starts new runs by the code of their caller', async () => {
    const planned = await updated('plan');
    expect(planned.exitCode, planned.all).toBe(0);
    expect((await stepsOf()).steps[0]).toBe('look');
    const ours = await about('plan');
    expect(ours.exitCode, ours.all).toBe(0);
    expect((await stepsOf()).steps[0]).toBe('plan');
  });

  it('takes over a parked run from the worker that it replaces', async () => {
    await rig.edit('examples/wellness/meals/main.py', 'VERSION = "2.0.0"', 'VERSION = "3.0.0"');
    await rig.edit(
      'windlass.yaml',
      'diary-key: generated',
      'diary-key: generated, cook-key: generated',
    );
    await rig.windlass('sandbox', 'fault', 'services', 'meals');
    await breakCalls(rig, { method: 'POST', pathPattern: ':disable$', status: 400 });
    const parked = await about('deploy');
    expect(parked.exitCode, parked.all).toBe(5);
    const replaced = await workerPid(rig);
    const looked = await updated('status'); // only looks: the worker stays
    const step = /the undo of (\w+) needs your decision/.exec(looked.stdout)?.[1] ?? looked.all;
    expect(await workerPid(rig)).toBe(replaced);
    await newer.windlass('sandbox', 'up');
    expect(await workerPid(rig)).not.toBe(replaced);
    await mend(rig);
    await rig.windlass('sandbox', 'fault', 'services', 'meals', '--clear');
    const told = await updated('undo', 'retry', step);
    expect(told.exitCode, told.all).toBe(0);
    const watched = await updated('status', '--watch');
    expect(watched.exitCode, watched.all).toBe(4);
    expect(watched.all).not.toContain('look');
  });

  it('says by name that the code of an open run cannot be had, and what to do', async () => {
    const waiting = await about('deploy', '--wait-for-approval');
    const digest = digestIn(waiting.all);
    const { build } = await stepsOf();
    const { google, releaseBucket: bucket } = await rig.site();
    const kept = await listObjects(google, bucket, 'workflows/');
    const ours = kept.find(({ name }) => name === `workflows/${build}.js`);
    if (!ours) throw new Error('the bucket does not hold the bundle');
    await loseMachine();
    await replaceObject(google, ours, Buffer.from('something else'));
    const damaged = await updated('approve', digest);
    expect(damaged.exitCode, damaged.all).toBe(3);
    expect(damaged.all).toMatch(
      /BUNDLE_DAMAGED[^]*fix: Start a worker of the Windlass version that started/,
    );
    expect(damaged.all).not.toMatch(/^ +at /m);
    await removeObject(google, { bucket, name: ours.name });
    const gone = await updated('approve', digest);
    expect(gone.exitCode, gone.all).toBe(3);
    expect(gone.all).toContain('BUNDLE_GONE');
    const [mine, theirs] = [await workerPid(rig), await rig.windlass('sandbox', 'up')];
    expect(theirs.exitCode, theirs.all).toBe(0);
    expect(await workerPid(rig)).not.toBe(mine);
    const approved = await about('approve', digest);
    expect(approved.exitCode, approved.all).toBe(0);
    const watched = await about('status', '--watch');
    expect(watched.exitCode, watched.all).toBe(0);
  });

  it('keeps a worker of older code that alone can end a run, until that has ended', async () => {
    await rig.edit('examples/wellness/meals/main.py', 'VERSION = "3.0.0"', 'VERSION = "4.0.0"');
    const waiting = await about('deploy', '--wait-for-approval');
    const older = await workerPid(rig);
    const { google, releaseBucket: bucket } = await rig.site();
    for (const { name } of await listObjects(google, bucket, 'workflows/'))
      await removeObject(google, { bucket, name });
    await rm(join(rig.home, 'bundles'), { recursive: true });
    const up = await newer.windlass('sandbox', 'up');
    expect(up.all).toContain('the worker of older code keeps running for its open runs');
    const told = await updated('approve', digestIn(waiting.all));
    expect(told.exitCode, told.all).toBe(0);
    const watched = await updated('status', '--watch');
    expect(watched.exitCode, watched.all).toBe(0);
    await newer.windlass('sandbox', 'up');
    expect(await readdir(join(rig.home, 'run'))).not.toContain(`worker-${older}.json`);
  });

  it('has nothing to approve where the run was ended from outside', async () => {
    await rig.edit('examples/wellness/meals/main.py', 'VERSION = "4.0.0"', 'VERSION = "5.0.0"');
    const waiting = await about('deploy', '--wait-for-approval');
    expect(waiting.exitCode, waiting.all).toBe(8);
    await withRun(rig, async (run) => run.terminate('a test'));
    for (const said of [
      ['approve', 'f'.repeat(12)],
      ['undo', 'retry', 'secrets'],
    ]) {
      const refused = await updated(...said);
      expect(refused.exitCode, refused.all).toBe(3);
      expect(refused.all).toMatch(/NOTHING_RUNS[^]*terminated/);
    }
  });
});
