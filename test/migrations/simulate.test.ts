import { expect, test } from 'vitest';
import { freshDatabase } from '../setup/database.ts';
import { loginOf } from '../postgres/login.ts';
import { simulate } from './simulate.ts';

const runs = Number(process.env['WINDLASS_SIMULATIONS'] ?? 300);
const seed = Number(process.env['WINDLASS_SEED'] ?? 2026);

test(`a rollback of ${runs} random migrations loses no value that somebody wrote`, async () => {
  await using database = await freshDatabase();
  const { down, stayed, timid } = await simulate(loginOf(database.url), runs, seed);
  process.stdout.write(`${down} went down, ${stayed} stayed, ${timid} of them without need\n`);
  expect(down).toBeGreaterThan(runs / 20);
  expect(timid).toBeLessThan(runs / 20);
}, 3_600_000);
