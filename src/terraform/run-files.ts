import { join } from 'node:path';

/** The files of a run, by what they hold. */
export function runFiles(runDir: string) {
  return {
    record: join(runDir, 'run.json'),
    outcome: join(runDir, 'outcome.json'),
    stdout: join(runDir, 'stdout.ndjson'),
    stderr: join(runDir, 'stderr.log'),
    pulse: join(runDir, 'pulse'),
    interrupted: join(runDir, 'interrupted'),
  };
}
