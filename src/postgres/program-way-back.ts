import type { Judgement } from '../migrations/judge.ts';
import type { Login } from './connect.ts';
import { readTrail, trailSince } from './program-trail.ts';
import type { Positions } from './revisions.ts';
import { whyStays } from './why-stays.ts';
import type { Guards } from './why-stays.ts';

type Answer = { readonly why: string } | { readonly guards: Guards };

/**
 * Why a schema that a program moves cannot go back by its `down`: that takes back the last run alone,
 * and only what this run added may go, where nothing was written to it.
 */
export async function whyProgramStays(
  login: Login,
  judged: Judgement,
  { service, at, wanted }: { service: string; at: string | null; wanted: string | null },
): Promise<Answer> {
  const { revision, back } = judged;
  if (at !== revision) return { why: 'the release does not have this revision' };
  const since = trailSince(await readTrail(login, service), wanted);
  const [last, ...older] = (since ?? []).toReversed();
  if (last?.revision !== revision)
    return { why: `nobody knows what ${revision} has added since ${wanted ?? 'the beginning'}` };
  if (last.accepted) return { why: `${revision} cannot be taken back without data loss` };
  if (!back.exists) return { why: `${revision} only adds, and has no \`down\`` };
  if (older.length > 0)
    return { why: `\`down\` takes back the last of ${older.length + 1} runs of the program` };
  const drops = last.made.map(({ table, column, kind }) => ({
    table,
    ...(column !== undefined && { column }),
    ...(kind && { kind }),
  }));
  return whyStays(login, [{ ...judged, back: { ...back, drops } }]);
}

/** What a program that failed has left, for each schema that stands where it shall; in words. */
export async function halfDone(
  login: Login,
  services: readonly string[],
  now: Positions,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const service of services) {
    const last = (await readTrail(login, service)).at(-1);
    if (!last || last.done) continue;
    const names = last.made.map(({ table, column }) => (column ? `${table}.${column}` : table));
    left.push(
      `schema ${service} at ${now[service] ?? 'base'}: what ${last.revision} had added when it failed stays: ${names.join(', ')}`,
    );
  }
  return left;
}
