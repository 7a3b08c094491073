import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { restoreInto } from './restore.ts';
import { ensureRoles } from './roles.ts';
import { createTrialDatabase, dropTrialDatabase } from './trial-database.ts';

interface Copy {
  readonly id: string;
  /** The dump to restore; undefined where there is none, then the schemas are empty. */
  readonly file: string | undefined;
  readonly services: readonly string[];
}

/** Lends `work` a scratch copy of the database with every service's schema; dropped afterwards. */
export async function onTrialCopy<T>(
  admin: Login,
  { id, file, services }: Copy,
  work: (copy: Login) => Promise<T>,
): Promise<T> {
  const copy = await createTrialDatabase(admin, id);
  try {
    if (file === undefined) {
      await ensureRoles(copy, services);
    } else {
      await withClient(copy, (client) => client.query('create schema if not exists auth'));
      await restoreInto(copy, { file, services });
    }
    return await work(copy);
  } finally {
    await dropTrialDatabase(admin, id);
  }
}
