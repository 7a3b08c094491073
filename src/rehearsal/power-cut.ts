import { everyRun } from '../stacks/every-run.ts';
import { killIfAlive } from '../terraform/process-identity.ts';
import { readRecord } from '../terraform/run-record.ts';

/** Kills every terraform of this home together with its supervisor, which so writes no outcome. */
export async function killTerraform(home: string): Promise<void> {
  const records = await Promise.all((await everyRun({ home })).map(readRecord));
  for (const record of records) {
    await killIfAlive(record?.supervisor);
    await killIfAlive(record?.terraform);
  }
}
