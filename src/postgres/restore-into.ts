import { Failure } from '../failure.ts';
import type { Login } from './connect.ts';
import { leftOut } from './fill-trial.ts';
import type { LeftOut } from './left-out.ts';
import { isPlatformOwn, restoreList } from './restore-list.ts';
import { probeEntries } from './probe-entries.ts';
import { listDump, refusedEntries, restoreEntries } from './restore.ts';
import type { Restore } from './restore.ts';
import { restoreSignIns } from './restore-sign-ins.ts';
import { ensureRoles, ensureUserRoles } from './roles.ts';
import { clientFailed } from './run.ts';
import { whatIsThere } from './there.ts';
import { entryText } from './toc.ts';
import type { Entry } from './toc.ts';

/** A dump for a database of the platform's whose services' schemas are missing or empty. */
export interface Recovering extends Restore {
  readonly services: readonly string[];
  /** Entries of the dump that its trial restore could not bring back. */
  readonly without?: ReadonlySet<number>;
  /** Roles that the user made, which the dump's rights and owners name. */
  readonly roles?: readonly string[];
}

const mostRounds = 40;

/**
 * Restores a dump into a project that the platform has made: the sign-ins into the platform's own
 * tables, then all that is the user's in one transaction, so that a restore that was cut off has
 * brought nothing. What the project refuses but rows is left out, and named in the answer.
 */
export async function restoreInto(
  login: Login,
  { services, without, roles = [], ...restore }: Recovering,
): Promise<readonly LeftOut[]> {
  await ensureRoles(login, services);
  const strangers = await ensureUserRoles(login, roles);
  const there = await whatIsThere(login);
  const list = restoreList(await listDump(login, restore), there.schemas);
  // Before the user's triggers on them stand.
  const rows = await restoreSignIns(login, restore, list.user);
  const ground = await restoreEntries(login, restore, { entries: list.ground, args: [] });
  const wanted = list.user.filter(
    (entry) => !isPlatformOwn(entry) && !there.has(entry) && !without?.has(entry.id),
  );
  const left = await restoreTolerantly(login, restore, wanted);
  return [...strangers, ...rows, ...leftOut(list.ground, ground.stderr), ...left];
}

/**
 * Again without what was refused, until the rest stands as a whole. After the first refusal all that
 * the database does not take is looked for in one go; what only rows show comes out one by one.
 */
async function restoreTolerantly(
  login: Login,
  restore: Restore,
  wanted: readonly Entry[],
): Promise<readonly LeftOut[]> {
  const args = ['--exit-on-error', '--single-transaction'];
  const left: LeftOut[] = [];
  let entries = wanted;
  for (let round = 0; round < mostRounds; round += 1) {
    const ended = await restoreEntries(login, restore, { entries, args });
    if (ended.ok) return left;
    const [first] = refusedEntries(ended.stderr);
    if (!first) throw clientFailed({ program: 'pg_restore' }, ended);
    const others = round === 0 ? await probeEntries(login, restore, entries) : [];
    const out = new Map([...others, first].map(({ entry, why }) => [entry, why]));
    const refused = entries.filter(({ id }) => out.has(id));
    if (refused.every(({ id }) => id !== first.entry))
      throw clientFailed({ program: 'pg_restore' }, ended);
    for (const entry of refused) {
      const why = out.get(entry.id) ?? '';
      if (essential.has(entry.kind)) throw refusedRows(entry, why);
      left.push({ what: entryText(entry), why, entry: entry.id });
    }
    entries = entries.filter((one) => !refused.includes(one));
  }
  throw clientFailed({ program: 'pg_restore' }, { stderr: left.map(({ why }) => why).join('\n') });
}

/** Without these, rows would be missing. */
const essential = new Set(['TABLE', 'TABLE DATA', 'TABLE ATTACH', 'SEQUENCE', 'SCHEMA']);

function refusedRows(entry: Entry, why: string): Failure {
  return new Failure({
    code: 'RESTORE_REFUSED',
    what: `The database rejects the ${entryText(entry)} of the backup`,
    why,
    fix: 'Nothing was restored. Create what is named in the project, then recover again.',
  });
}
