import pg from 'pg';
import { held } from '../held.ts';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import type { LeftOut } from './left-out.ts';
import { isPlatformRole, platformSchemas } from './platform.ts';
import { isPlatformOwn, restoreList } from './restore-list.ts';
import { listDump, refusedEntries, restoreEntries } from './restore.ts';
import type { Restore } from './restore.ts';
import { ensureRolesBy } from './roles.ts';
import { clientFailed } from './run.ts';
import { schemasThere } from './there.ts';
import { entryText } from './toc.ts';
import type { Entry } from './toc.ts';

export interface TrialFilling extends Restore {
  readonly services: readonly string[];
}

/**
 * Fills a new scratch database from a dump: what the platform would have made there first (schemas,
 * extensions, its own tables' shape), then all that the dump holds. Answers what did not come, in
 * words, and the entries that were refused.
 */
export async function fillTrial(
  copy: Login,
  { services, ...restore }: TrialFilling,
): Promise<{ readonly left: readonly LeftOut[]; readonly refused: readonly Entry[] }> {
  const list = await withClient(copy, (client) =>
    prepareGround(client, copy, { services, ...restore }),
  );
  // Without an owner: the admin may not act as the platform's roles.
  const ownerless = ['--no-owner', '--no-privileges'];
  const left: LeftOut[] = [];
  const known: Entry[] = [];
  for (const [entries, args] of [
    [list.ground, []],
    [list.platform, ownerless],
    [list.user, []],
  ] as const) {
    const ended = await restoreEntries(copy, restore, { entries, args });
    const refused = refusedEntries(ended.stderr);
    if (!ended.ok && refused.length === 0) throw clientFailed({ program: 'pg_restore' }, ended);
    left.push(...leftOut(entries, ended.stderr));
    known.push(...entries.filter(({ id }) => refused.some(({ entry }) => entry === id)));
  }
  return { left, refused: known };
}

/** What pg_restore could not restore of the user's, in words; the platform's own comes by itself. */
export function leftOut(entries: readonly Entry[], stderr: string): readonly LeftOut[] {
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  const gone = new Set<string>();
  return refusedEntries(stderr).flatMap(({ entry: id, why }) => {
    const entry = known.get(id);
    if (!entry) return [{ what: 'something of the dump', why, entry: id }];
    if (isPlatformOwn(entry) || isPlatformRole(entry.owner)) return [];
    const { schema, name, kind } = entry;
    // A thing is named once; its rights and comments go with it.
    const thing = `${schema} ${attached.has(kind) ? name.slice(name.indexOf(' ') + 1) : name}`;
    if (gone.has(thing)) return [];
    gone.add(thing);
    return [{ what: entryText(entry), why, entry: id }];
  });
}

const attached = new Set(['ACL', 'COMMENT', 'SECURITY LABEL']);

/** Roles and the platform's schemas; answers what of the dump is to be restored into them. */
async function prepareGround(
  client: pg.Client,
  copy: Login,
  { services, ...restore }: TrialFilling,
): Promise<ReturnType<typeof restoreList>> {
  const listing = held(listDump(copy, restore));
  await ensureRolesBy(client, services);
  const list = restoreList(await listing, await schemasThere(client));
  const wanted = new Set(list.platform.map(({ schema }) => schema));
  for (const name of Object.keys(platformSchemas).filter((one) => wanted.has(one)))
    await client.query(`create schema if not exists ${pg.escapeIdentifier(name)}`);
  return list;
}
