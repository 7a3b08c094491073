import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortPlays } from '../crashes/matrix.ts';
import { play } from '../crashes/play.ts';
import { openStanding } from '../crashes/standing.ts';
import { lineOf } from '../crashes/table.ts';
import { bundleFile, ensureBundle } from './workflow-bundle.ts';

// The short form of `make crashes`; about as many events as the fixture's runs have.
const plays = shortPlays({ deploy: 120, 'wind back': 150 });
let standing: Awaited<ReturnType<typeof openStanding>>;

beforeAll(async () => {
  await ensureBundle();
  standing = await openStanding(bundleFile());
});

afterAll(() => standing?.close());

describe('a run ends well, with nothing doubled, lost or left, though it loses', () => {
  it.for(plays)('$run: $points', { timeout: 900_000 }, async (one) => {
    const played = await play(standing.lane, one, standing.next());
    if (played.outcome === 'succeeded') standing.stands();
    expect(played.problems, `${lineOf(played)}\n${played.said}`).toEqual([]);
    expect(played.struck.filter(({ hit }) => hit).length).toBeGreaterThan(0);
  });
});
