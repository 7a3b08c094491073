import { everyRunOf } from '../stacks/every-run.ts';
import { isAlive } from '../terraform/process-identity.ts';
import type { ProcessIdentity } from '../terraform/process-identity.ts';
import { readRecord } from '../terraform/run-record.ts';

/** Kills every terraform of this home together with its supervisor, which so writes no outcome. */
export async function killTerraform(home: string): Promise<void> {
  const folders = await Promise.all([
    everyRunOf({ home }, '10-foundation'),
    everyRunOf({ home }, '20-services'),
  ]);
  const records = await Promise.all(folders.flat().map(readRecord));
  for (const record of records) {
    await kill(record?.supervisor);
    await kill(record?.terraform);
  }
}

async function kill(one: ProcessIdentity | undefined): Promise<void> {
  if (one && (await isAlive(one))) process.kill(one.pid, 'SIGKILL');
}
