import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDeployedRig } from './deployed-rig.ts';
import { breakCalls } from './midway.ts';
import { openReceiver } from './receiver.ts';
import type { Receiver } from './receiver.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let receiver: Receiver;

const notify = 'notify: { webhookFile: .windlass/webhook, form: json }';

beforeAll(async () => {
  [rig, receiver] = await Promise.all([openRig({ few: true }), openReceiver()]);
  await rig.windlass('sandbox', 'up');
  await hearAll(rig, receiver);
});

afterAll(async () => {
  await rig.close();
  await receiver.close();
});

it('tells of a failed deploy what failed, why and what to do; a busy receiver is asked again', async () => {
  receiver.refuse(2);
  await rig.windlass('sandbox', 'fault', 'foundation');
  const ended = await rig.windlass('deploy', '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(4);
  await expect.poll(() => receiver.taken().length, { timeout: 60_000 }).toBe(1);
  expect(receiver.refused()).toBe(2);
  const [notice] = receiver.taken();
  expect(notice).toMatchObject({
    ...{ source: 'windlass', kind: 'run', environment: 'production', outcome: 'rolled-back' },
    lines: [
      expect.stringMatching(/^deploy rolled-back at foundation: /),
      expect.stringMatching(/^why: /),
      expect.stringMatching(/^fix: /),
    ],
  });
});

it('tells in Slack’s form of a check that could not be made, and ends as it would without', async () => {
  await rig.edit('windlass.yaml', 'form: json', 'form: slack');
  const ended = await rig.windlass('drift', '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(3);
  await expect.poll(() => receiver.taken().length, { timeout: 60_000 }).toBe(2);
  expect(receiver.taken()[1]).toEqual({
    text: expect.stringMatching(
      /^\*windlass production\*: drift failed\nNothing has been deployed/,
    ),
  });
});

// What stands is checked by the windlass.yaml of its release: a webhook counts once it is deployed.
describe('the budget of what stands', () => {
  let standing: Rig;
  let told: Receiver;

  beforeAll(async () => {
    [standing, told] = await Promise.all([openDeployedRig({ few: true }), openReceiver()]);
    await hearAll(standing, told);
    const released = await standing.windlass('deploy', '-e', 'production');
    expect(released.exitCode, released.all).toBe(0);
  });

  afterAll(async () => {
    await standing.close();
    await told.close();
  });

  it('is told at each threshold once, by whichever drift check comes next', async () => {
    await spend('78.10');
    await spend('79');
    await lookForDrift();
    await expect.poll(() => told.taken().length, { timeout: 60_000 }).toBe(1);
    await lookForDrift();
    await spend('104');
    await lookForDrift();
    await expect.poll(() => told.taken().length, { timeout: 60_000 }).toBe(2);
    const common = { kind: 'budget', environment: 'production', outcome: 'warns' };
    const line = (text: string): unknown => expect.stringMatching(text);
    expect(told.taken()).toEqual([
      expect.objectContaining({ ...common, lines: [line('^USD 78.10 of 100 .*: over 75 %$')] }),
      expect.objectContaining({ ...common, lines: [line('^USD 104 of 100 .*: over 100 %$')] }),
    ]);
  });

  it('that cannot be heard is told as well, and the check ends as it would without', async () => {
    await breakCalls(standing, { method: 'POST', pathPattern: ':pull$', status: 403 });
    await lookForDrift();
    await expect.poll(() => told.taken().length, { timeout: 60_000 }).toBe(3);
    expect(told.taken()[2]).toMatchObject({ kind: 'budget', outcome: 'failed' });
  });

  async function spend(amount: string): Promise<void> {
    const ended = await standing.windlass('sandbox', 'spend', amount, '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
  }

  async function lookForDrift(): Promise<void> {
    const ended = await standing.windlass('drift', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
  }
});

async function hearAll(at: Rig, by: Receiver): Promise<void> {
  await writeFile(join(at.home, 'webhook'), `${by.url}\n`, { mode: 0o600 });
  await at.edit('windlass.yaml', '\ncost:', `\n${notify}\n\ncost:`);
}
