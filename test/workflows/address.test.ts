import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { broken, openStage } from './stage.ts';
import type { Part, Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(inject('temporalAddress'));
});
afterEach(() => stage.replay());
afterAll(() => stage.leave());

const address = { target: 'sandbox', project: 'p', region: 'r', bucket: 'b' };
const fails: Part = () => {
  throw broken('it is broken');
};
const none: Part = () => null;
const quiet = { whoChanges: none, overdueDrill: none, hearBudget: none };
const drilled = { foreseeDrill: () => ({ backup: null, at: null }), destroyDrill: () => [] };
const request = (environment: string) => [
  { environment, actor: 'tester', approval: 'auto', address },
];
const notice = (environment: string) => [
  { kind: 'run', environment, outcome: 'failed', lines: ['it is broken'], runId: 'r' },
  address,
];

// A worker without a tree knows of the environment only what the run carries.
it.each([
  ['deploy', { smokeTest: fails }, request],
  ['rollback', {}, request],
  ['recover', {}, request],
  ['reconcile', {}, request],
  ['drift', { ...quiet, checkDrift: () => [] }, request],
  ['backup', { ...quiet, backUp: () => ({ backup: null }) }, request],
  ['drill', { ...quiet, ...drilled }, request],
  ['deliver', {}, notice],
] as const)(
  'a %s says to each of its activities where its environment is',
  async (kind, parts, args) => {
    const play = await stage.start(kind, parts, args);
    await play.end();
    expect(play.calls.length).toBeGreaterThan(0);
    const without = play.calls.filter((_, at) => play.inputs[at]?.address === undefined);
    expect(without).toEqual([]);
  },
);
