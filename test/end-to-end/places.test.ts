import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneShared, type Made, makeOrigin, makePlace, obstacle } from './places/make-place.ts';
import { badPlaces, goodPlaces, type Place } from './places/place.ts';

// WINDLASS_PLACES=full: `git clone && make production-deploy` in each place; else in the first two,
// and in the others a sandbox with a database, on the packages of this checkout.
const full = process.env['WINDLASS_PLACES'] === 'full';
const table: string[] = [];
let origin: ReturnType<typeof makeOrigin>;

beforeAll(() => {
  origin = makeOrigin();
});

afterAll(() => {
  origin.remove();
  if (full) process.stdout.write(`${table.join('\n')}\n`);
});

// Whole installs side by side would only take each other's cores.
describe('the first command works for', { concurrent: !full }, () => {
  const places = goodPlaces.map((place, index) => ({ place, whole: full || index < 2 }));
  it.for(places)('$place.name', { timeout: 900_000 }, async ({ place, whole }, { skip }) => {
    skip(obstacle(place) !== undefined, obstacle(place));
    const { exitCode, all } = await inside(place, whole, (made) =>
      made.run(whole ? fromNothing(place) : oneDatabase(place)),
    );
    expect(exitCode, all).toBe(0);
    expect(all).toContain(whole ? '✔ deploy of r-' : 'ACTIVE_HEALTHY [{"answer":42}]');
  });
});

describe('the preflight names what is missing, and nothing is started:', () => {
  it.for(badPlaces)('$name', async (place, { skip }) => {
    skip(obstacle(place) !== undefined, obstacle(place));
    await inside(place, false, async (made) => {
      const { exitCode, all } = await made.run(
        'cd "$clone"; sh bin/windlass deploy -e production; code=$?; ls .windlass/run/server.json; (exit $code)',
      );
      expect(all).toContain(place.code);
      expect(all).toContain('No such file');
      expect(exitCode, all).toBe(3);
    });
  });
});

async function inside<T>(place: Place, whole: boolean, work: (made: Made) => Promise<T>) {
  const begun = Date.now();
  const made = makePlace(place, origin.file);
  try {
    if (!whole) cloneShared(place, made, origin.file);
    return await work(made);
  } finally {
    table.push(`| ${place.name} | ${Math.round((Date.now() - begun) / 1000)} s |`);
    made.remove();
  }
}

/** What a newcomer types. */
function fromNothing({ tarball, from }: Place): string {
  const clone = 'git clone --quiet "$origin" "$clone"';
  const bare = tarball ? ' && rm -rf "$clone/.git"' : '';
  return `${clone}${bare} && cd ${from ?? '"$clone"'} && make production-deploy`;
}

function oneDatabase({ from }: Place): string {
  const node = 'tools/node/node_modules/.bin/node';
  return `cd ${from ?? '"$clone"'} && bin/windlass sandbox up &&
    ${node} test/end-to-end/places/one-database.ts`;
}
