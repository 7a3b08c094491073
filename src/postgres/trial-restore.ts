import { Failure } from '../failure.ts';
import type { Login } from './connect.ts';
import { withClient } from './connect.ts';
import type { TableContent } from './content-digest.ts';
import { differences } from './differences.ts';
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

/**
 * Restores a dump into a scratch database of the same server and compares that with the snapshot:
 * the rows of every table by their digest; roles, tables, policies, rights and the rest. Answers
 * what a restore does not bring back. A Failure where rows differ, or what was restored does.
 */
export async function trialRestore(admin: Login, trial: Trial): Promise<readonly LeftOut[]> {
  const { owner, picture, ...rest } = trial;
  // A service that the snapshot does not have yet would be a difference.
  const filling = { ...rest, services: picture.services };
  return onTrialDatabase(admin, owner, async (copy) => {
    const left = await fillTrial(copy, filling);
    const restored = await withClient(copy, (client) => readPicture(client, filling.services));
    const rows = differences(contentOf(picture.content), contentOf(restored.content));
    const others = differences(picture.parts, restored.parts);
    // A difference that pg_restore named is known; one that it did not is a damaged backup.
    const refused = left.filter(({ entry }) => entry !== undefined);
    if (rows.length > 0 || (others.length > 0 && refused.length === 0))
      throw notEqual([...rows, ...others, ...refused.map(({ what, why }) => `${what}: ${why}`)]);
    return left;
  });
}

function contentOf(content: readonly TableContent[]) {
  return { rows: content.map(({ table, rows, sum }) => ({ table, rows, sum })) };
}

function notEqual(found: readonly string[]): Failure {
  return new Failure({
    code: 'BACKUP_NOT_EQUAL',
    what: 'The backup does not restore to what was backed up',
    why: found.slice(0, 8).join('\n'),
    fix: 'Nothing was changed. Mend or drop what is named, then run the command again.',
  });
}
