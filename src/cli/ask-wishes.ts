import { createInterface } from 'node:readline/promises';
import { whileAsking } from './output/pulse.ts';
import type { Wishes } from '../new-project/first-config.ts';

const questions: Readonly<Record<keyof Wishes, string>> = {
  name: 'Name of the project',
  project: 'Google project of production',
  organization: 'Supabase organization (its slug)',
  region: 'Region of Cloud Run',
};

/** Asks for what no flag said, with an answer to take by Enter; without a terminal that one is taken. */
export async function askWishes(
  given: Partial<Wishes>,
  usual: (given: Partial<Wishes>) => Wishes,
  quiet: boolean,
): Promise<Wishes> {
  if (quiet || !process.stdin.isTTY || !process.stderr.isTTY) return usual(given);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said: Partial<Record<keyof Wishes, string>> = { ...given };
    for (const key of ['name', 'project', 'organization', 'region'] as const) {
      if (said[key] !== undefined) continue;
      const offered = usual(said)[key];
      const ask = (): Promise<string> => asking.question(`${questions[key]} [${offered}]: `);
      said[key] = (await whileAsking(ask)).trim() || offered;
    }
    return usual(said);
  } finally {
    asking.close();
  }
}
