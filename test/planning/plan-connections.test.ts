import { afterAll, beforeAll, expect, test } from 'vitest';
import { wrap } from '../../src/cli/output/wrap.ts';
import { planLines } from '../../src/cli/output/plan-lines.ts';
import type { Plan } from '../../src/deploy.ts';
import { connectionLines } from '../../src/planning/connection-lines.ts';
import { planConnections } from '../../src/planning/plan-connections.ts';
import { PlanDetails } from '../../src/planning/plan-details.ts';
import type { Site } from '../../src/site.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';

const release = { id: 'r2', object: 'releases/r2.tar.gz', sha256: 'ab' };
let clouds: TwoClouds;

beforeAll(async () => {
  clouds = await openTwoClouds();
}, 120_000);
afterAll(() => clouds.close());

/** The sample with these keys of the service meals. */
function withMeals(meals: object): Site {
  const { config } = clouds.site;
  const services = Object.entries(config.services).map(([name, service]) => [
    name,
    name === 'meals' ? { ...service, ...meals } : service,
  ]);
  return { ...clouds.site, config: { ...config, services: Object.fromEntries(services) } };
}

test('before the project exists its limit is assumed, and one service above it is refused', async () => {
  expect(await planConnections(clouds.site, { release })).toMatchObject({
    limit: { max: 60, usable: 45, assumed: true },
    over: false,
  });
  await expect(planConnections(withMeals({ max: 10, pool: 5 }), { release })).rejects.toMatchObject(
    {
      code: 'CONNECTIONS_EXCEEDED',
      why: expect.stringContaining('assumed'),
    },
  );
});

test('of a project that is there it is asked, also before an adoption', async () => {
  await clouds.foreignProject();
  const { limit, over } = await planConnections(clouds.site, { release });
  expect(limit).toEqual({ max: 60, reserved: 3, platform: 12, usable: 45, assumed: false });
  expect(over).toBe(false);
});

test('a way back and the release in force are warned of, never refused', async () => {
  const site = withMeals({ max: 10, pool: 5 });
  await expect(planConnections(site, { release })).rejects.toMatchObject({
    code: 'CONNECTIONS_EXCEEDED',
    why: expect.not.stringContaining('assumed'),
    fix: expect.stringContaining('larger compute'),
  });
  const back = await planConnections(site, { release, secretVersions: {} });
  expect(back).toMatchObject({ over: true, alone: ['meals'] });
});

test('what is over stands in the plan’s text, also where nothing changes', async () => {
  const counted = await planConnections(withMeals({ max: 2, pool: 4 }), { release });
  const plan: Plan = {
    ...{ digest: 'ab', stacks: [], migrations: [], settings: [], promote: [], secretVersions: {} },
    ...{ missingSecrets: [], cost: { fixed: 1, unknown: [] }, unchanged: false, states: [] },
    undo: {
      changes: 0,
      coveragePercent: 100,
      seconds: 0,
      basis: 'defaults',
      ways: {},
      pointsOfNoReturn: [],
    },
    details: { object: 'o', sha256: 'ab' },
  };
  const connections = connectionLines(counted);
  const said = [
    'more connections than the database allows:',
    ...connections.map((line) => `  ${line}`),
  ];
  expect(said).toContain('  meals: 2 × 4 + 2 × 4 = 16');
  for (const unchanged of [true, false]) {
    const lines = said.flatMap((line) => wrap(line)).join('\n');
    expect(planLines({ ...plan, unchanged, connections }).join('\n')).toContain(lines);
    expect(planLines({ ...plan, unchanged }).join('\n')).not.toContain('connections');
  }
  expect(PlanDetails.shape.connections.parse(counted)).toEqual(counted);
});
