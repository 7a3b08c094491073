import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { BundledConfig } from '../../src/releases/store.ts';
import { assumedLimit } from '../../src/planning/connection-limit.ts';
import { countConnections, defaultPool } from '../../src/planning/count-connections.ts';
import { databaseServices } from '../../src/services.ts';

const config = BundledConfig.parse(parse(readFileSync('windlass.yaml', 'utf8')));

it('the sample fits into the smallest paid compute, also during a deploy', () => {
  const { services } = config;
  const counted = countConnections({ now: services, before: services, limit: assumedLimit });
  expect(counted.services.map(({ service }) => service)).toEqual(databaseServices(config));
  expect(counted.over, `${counted.sum} of ${counted.limit.usable}`).toBe(false);
});

it('the sample’s services take their pool from windlass.yaml, else the one that Windlass counts', () => {
  const text = readFileSync('examples/wellness/journal/database.py', 'utf8');
  expect(text).toContain(`max_size=int(os.environ.get("DATABASE_POOL", "${defaultPool}"))`);
});
