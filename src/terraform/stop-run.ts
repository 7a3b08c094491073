import { isAlive } from './process-identity.ts';
import { runFiles } from './run-files.ts';
import { readRecord } from './run-record.ts';
import { createWhole } from './write-whole.ts';

/**
 * Asks a run to stop, and says that it was asked. The supervisor sends the one SIGINT; where it is
 * gone we do, and a marker keeps a second asker from making it two.
 */
export async function stopRun(runDir: string): Promise<true> {
  const record = await readRecord(runDir);
  if (record && (await isAlive(record.supervisor))) process.kill(record.supervisor.pid, 'SIGTERM');
  else if (record?.terraform && (await isAlive(record.terraform)))
    if (await createWhole(runFiles(runDir).interrupted, new Date().toISOString()))
      process.kill(record.terraform.pid, 'SIGINT');
  return true;
}
