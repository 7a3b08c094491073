import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { seal } from '../backups/seal.ts';
import { unseal } from '../backups/unseal.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { Login } from './connect.ts';
import { dumpDatabase } from './dump.ts';
import type { DumpSource } from './dump.ts';
import { fillTrial } from './fill-trial.ts';
import { onTrialDatabase } from './trial-database.ts';
import type { TrialOwner } from './trial-database.ts';

interface Copy extends TrialOwner {
  /** The dump to restore; undefined where no backup has one: then it is of the present. */
  readonly dump: DumpSource | undefined;
  readonly services: readonly string[];
  readonly signal?: AbortSignal;
}

/** Lends `work` a scratch copy of the database with every service's schema; dropped afterwards. */
export async function onTrialCopy<T>(
  admin: Login,
  { dump, services, signal, ...owner }: Copy,
  work: (copy: Login) => Promise<T>,
): Promise<T> {
  return onTrialDatabase(admin, owner, async (copy) => {
    const fill = (source: DumpSource) => fillTrial(copy, { dump: source, services, signal });
    await (dump ? fill(dump) : onPresentDump(admin, signal, fill));
    return work(copy);
  });
}

/** Of a database that was not there at the backup; sealed with a key that nobody keeps. */
async function onPresentDump<T>(
  admin: Login,
  signal: AbortSignal | undefined,
  work: (dump: DumpSource) => Promise<T>,
): Promise<T> {
  const folder = await temporaryFolder('restore');
  const [file, key] = [join(folder, 'present.dump.sealed'), randomBytes(32)];
  try {
    await dumpDatabase(admin, { signal }, (dump) =>
      pipeline(seal(dump, key), createWriteStream(file, { mode: 0o600 })),
    );
    return await work(() => unseal(file, key));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
