import { Failure } from '../failure.ts';
import type { Login } from './connect.ts';
import { withClient } from './connect.ts';
import type { TableContent } from './content-digest.ts';
import { differences } from './differences.ts';
import { isExplained } from './explained.ts';
import { fillTrial } from './fill-trial.ts';
import type { TrialFilling } from './fill-trial.ts';
import type { LeftOut } from './left-out.ts';
import { readPicture } from './picture.ts';
import type { Picture } from './picture.ts';
import { onTrialDatabase } from './trial-database.ts';
import type { TrialOwner } from './trial-database.ts';

/** A dump to try, and the picture of the snapshot that it was made of. */
export interface Trial extends TrialFilling {
  readonly owner: TrialOwner;
  readonly picture: Picture;
}

/** What a restore of the dump does. */
export interface Tried {
  readonly left: readonly LeftOut[];
  /** Of the services' roles and schemas, as it is then. */
  readonly fingerprint: string;
}

/**
 * Restores a dump into a scratch database of the same server and compares that with the snapshot:
 * the rows of every table by their digest; roles, tables, policies, rights and the rest. Answers
 * what a restore does not bring back, and the fingerprint that it leads to. A Failure where rows
 * differ, or anything that no refused entry explains.
 */
export async function trialRestore(admin: Login, trial: Trial): Promise<Tried> {
  const { owner, picture, ...rest } = trial;
  // A service that the snapshot does not have yet would be a difference.
  const filling = { ...rest, services: picture.services };
  return onTrialDatabase(admin, owner, async (copy) => {
    const { left, refused } = await fillTrial(copy, filling);
    const restored = await withClient(copy, (client) => readPicture(client, filling.services));
    const rows = differences(contentOf(picture.content), contentOf(restored.content));
    const others = differences(picture.parts, restored.parts);
    // A difference that a refused entry explains is known; any other is a damaged backup.
    const unknown = others.filter((line) => !isExplained(line, refused));
    if (rows.length > 0 || unknown.length > 0)
      throw notEqual([...rows, ...unknown, ...left.map(({ what, why }) => `${what}: ${why}`)]);
    return { left, fingerprint: restored.fingerprint };
  });
}

function contentOf(content: readonly TableContent[]) {
  return { rows: content.map(({ table, rows, sum }) => ({ table, rows, sum })) };
}

function notEqual(found: readonly string[]): Failure {
  return new Failure({
    code: 'BACKUP_NOT_EQUAL',
    what: 'The restored backup differs from what was backed up',
    why: found.slice(0, 8).join('\n'),
    fix: 'Nothing was changed. Fix or drop what is named, then run the command again.',
  });
}
