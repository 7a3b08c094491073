import { z } from 'zod';
import { changeObject } from '../gcp/change-object.ts';
import { readObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import type { Told } from './budget-news.ts';
import { readStored } from '../stored-json.ts';

const Kept = z.record(z.string(), z.object({ exceeded: z.number(), foreseen: z.number() }));

/** What was told of the budget so far. */
export async function readTold(site: Site): Promise<Told> {
  return parsed(await readObject(site.google, ref(site)));
}

function parsed(content: Buffer | undefined): Told {
  if (!content) return {};
  const where = 'the release bucket';
  return readStored(content, { schema: Kept, what: 'What was told of the budget', where });
}

const patience = 5; // two checks at once may race; that one loses five times in a row is no race

/** Adds to what was told; safe to run twice, and two at once lose nothing of each other. */
export async function addTold(site: Site, told: Told): Promise<void> {
  await changeObject(site.google, ref(site), patience, (content) => {
    const before = parsed(content);
    const after = together(before, told);
    if (JSON.stringify(after) === JSON.stringify(before)) return undefined;
    return Buffer.from(`${JSON.stringify(after, null, 2)}\n`);
  });
}

const newest = 12; // periods and amounts; a message waits seven days at most

/** The higher of both in every period; keys begin with a date, so the oldest go first. */
function together(one: Told, other: Told): Told {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted();
  const highest = (key: string, of: 'exceeded' | 'foreseen'): number =>
    Math.max(one[key]?.[of] ?? 0, other[key]?.[of] ?? 0);
  return Object.fromEntries(
    keys
      .slice(-newest)
      .map((key) => [
        key,
        { exceeded: highest(key, 'exceeded'), foreseen: highest(key, 'foreseen') },
      ]),
  );
}

function ref(site: Site) {
  return { bucket: site.releaseBucket, name: 'budget-told.json' };
}
