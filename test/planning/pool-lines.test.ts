import { expect, test } from 'vitest';
import { assumedLimit } from '../../src/planning/connection-limit.ts';
import { poolLines } from '../../src/planning/pool-lines.ts';

test('a service that may want more sessions than its login has in the pooler is named', () => {
  const revision = { instances: 3, pool: 4 };
  const services = ['api', 'web'].map((service, at) => ({
    ...{ service, now: revision, beside: revision, sum: at === 0 ? 24 : 8 },
  }));
  const counted = { services, steady: 16, sum: 32, limit: assumedLimit, over: false, alone: [] };
  expect(poolLines(counted, 15).join('\n')).toMatch(
    /15 sessions.*api may want 24[^,]*\n.*EMAXCONN/,
  );
  expect(poolLines(counted, 24)).toEqual([]);
});
