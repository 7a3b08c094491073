import { expect, it } from 'vitest';
import { nextSteps } from '../../../src/cli/output/end.ts';
import type { Plan } from '../../../src/deploy.ts';
import type { Report } from '../../../src/report.ts';

const undo: Plan['undo'] = {
  ...{ changes: 2, coveragePercent: 50, seconds: 60, basis: 'defaults', ways: {} },
  pointsOfNoReturn: ['schema:habits', 'secret:diary-key'],
};
const plan: Plan = {
  ...{ digest: 'a'.repeat(64), stacks: [], migrations: [], settings: [], promote: [] },
  ...{ secretVersions: {}, missingSecrets: [], cost: { fixed: 1, unknown: [] } },
  ...{ unchanged: false, undo, states: [], details: { object: 'x', sha256: 'y' } },
};
const report: Report = {
  ...{ kind: 'deploy', environment: 'production', release: 'r-26301385c17d', steps: [] },
  ...{ outcome: 'succeeded', plan, left: [], kept: [] },
};

const accepting =
  "make production-deploy ARGS='--release r-26301385c17d --accept schema:habits --accept secret:diary-key'";

it('a plan without a way back is followed by a deploy that is not refused for it', () => {
  expect(nextSteps({ ...report, planOnly: true })).toEqual([accepting]);
});

it('so is a deploy that was refused for it', () => {
  const failure = { code: 'POINT_OF_NO_RETURN', what: 'x', why: 'y', fix: 'z' };
  expect(nextSteps({ ...report, outcome: 'rejected', failedStep: 'approve', failure })).toEqual([
    accepting,
  ]);
});

it('a plan that can be undone is followed by a plain deploy', () => {
  const harmless = { ...plan, undo: { ...undo, pointsOfNoReturn: [] } };
  expect(nextSteps({ ...report, plan: harmless, planOnly: true })).toEqual([
    'make production-deploy',
  ]);
});
