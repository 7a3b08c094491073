import { z } from 'zod';
import type { Stored } from '../deploy.ts';
import { putOnce, readObject } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { worldFingerprint } from './world.ts';
import { readStored } from '../stored-json.ts';

/** A fingerprint as it is kept: what each line is about, and the digest of what it says. */
const WorldBefore = z.object({
  version: z.literal(1),
  lines: z.record(z.string(), z.string().describe('SHA-256 of all lines about it')),
});
type Lines = z.infer<typeof WorldBefore>['lines'];

/**
 * Keeps what an environment is made of, in digests, so that an undo can be held against it. The
 * first measurement of a run counts: a later attempt finds it.
 */
export async function keepWorld(site: Site, runId: string): Promise<Stored> {
  const object = `plans/${runId}/world-before.json`;
  const ref = { bucket: site.releaseBucket, name: object };
  const known = await readObject(site.google, ref);
  if (known) return { object, sha256: sha256(known) };
  const lines = digests((await worldFingerprint(site)).lines);
  const content = Buffer.from(`${JSON.stringify({ version: 1, lines }, null, 1)}\n`);
  await putOnce(site.google, ref, content);
  return { object, sha256: sha256(content) };
}

/** What an environment differs in from what was kept, a line each, sorted. */
export async function differencesSince(site: Site, kept: Stored): Promise<readonly string[]> {
  const ref = { bucket: site.releaseBucket, name: kept.object };
  const content = await readObject(site.google, ref);
  if (!content || sha256(content) !== kept.sha256)
    return ['all: the state measured before is missing'];
  const what = 'What was measured before the run';
  const where = `gs://${ref.bucket}/${ref.name}`;
  const before = readStored(content, { schema: WorldBefore, what, where }).lines;
  return compareWorlds(before, digests((await worldFingerprint(site)).lines));
}

/** Whether a difference is one of the database's catalog, which stays where a way down loses data. */
export function isCatalog(difference: string): boolean {
  return namingWords[difference.split(' ')[0] ?? ''] === undefined;
}

/** What is gone, is new, or differs between two measurements. */
export function compareWorlds(before: Lines, after: Lines): readonly string[] {
  const all = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return all.flatMap((about) => {
    if (before[about] === after[about]) return [];
    if (after[about] === undefined) return [`${about} is gone`];
    return [before[about] === undefined ? `${about} is new` : `${about} differs`];
  });
}

/** The digest of all that a fingerprint says of each thing. */
export function digests(lines: readonly string[]): Lines {
  const about = new Map<string, string[]>();
  for (const line of wholeShares(lines).toSorted())
    about.set(subjectOf(line), [...(about.get(subjectOf(line)) ?? []), line]);
  return Object.fromEntries([...about].map(([key, said]) => [key, sha256(said.join('\n'))]));
}

/** Two lines of one revision are its share in whole: so a split that is bound by name stays the same. */
function wholeShares(lines: readonly string[]): readonly string[] {
  const shares = new Map<string, number>();
  const others = lines.filter((line) => {
    const [, name, percent, rest] = /^traffic (\S+) (\d+) % (.*)$/.exec(line) ?? [];
    if (name === undefined) return true;
    const key = `${name} ${rest}`;
    shares.set(key, (shares.get(key) ?? 0) + Number(percent));
    return false;
  });
  return [...others, ...[...shares].map(([key, percent]) => `traffic ${key} ${percent} %`)];
}

/** How many words of a line name what it is about; the rest is what is said of it. */
const namingWords: Readonly<Record<string, number>> = {
  ...{ state: 3, job: 2, worker: 2, service: 2, traffic: 2, secret: 2, setting: 2 },
  ...{ 'all:': 1, exposed: 1, ssl: 1, network: 1, supabase: 1, database: 1 },
};

/** Names in the catalog's rows: enough to find the thing, whatever else is said of it. */
const naming = /^(role|member|schema|table|column|constraint|policy|function)$/;

function subjectOf(line: string): string {
  const words = line.split(' ');
  const count = namingWords[words[0] ?? ''];
  if (count !== undefined) return words.slice(0, count).join(' ');
  const [kind = '', ...rest] = words;
  return `${kind} ${nameOf(rest.join(' '))}`;
}

function nameOf(row: string): string {
  const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(row));
  const names = Object.entries(parsed.data ?? {}).filter(([key]) => naming.test(key));
  return names.length > 0 ? names.map(([, name]) => String(name)).join('.') : row.slice(0, 120);
}
