import { randomBytes, randomUUID } from 'node:crypto';
import { takeDump } from '../../src/backups/take-dump.ts';
import { unseal } from '../../src/backups/unseal.ts';
import type { Login } from '../../src/postgres/connect.ts';
import { trialRestore } from '../../src/postgres/trial-restore.ts';

/** A dump as a backup takes it, under a key of the test's own. */
export async function takeTestDump(login: Login, home: string, services: readonly string[]) {
  const key = randomBytes(32);
  const runId = randomUUID();
  const taken = await takeDump(login, { home, runId, services, key });
  const dump = () => unseal(taken.file, key);
  const owner = { environment: 'test', id: runId.slice(0, 8) };
  const tryIt = async (picture = taken.picture) =>
    (await trialRestore(login, { owner, picture, dump, services })).left;
  return { ...taken, dump, owner, tryIt };
}
