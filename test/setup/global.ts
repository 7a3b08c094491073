import { chmod, rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import { temporaryFolder } from './process.ts';
import { startTemporal } from './temporal.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** host:port of the Temporal dev server that the whole run shares. */
    readonly temporalAddress: string;
    /** postgres:// address of the superuser on the Postgres that the whole run shares. */
    readonly postgresUrl: string;
    /** A folder for what the files of this run leave to each other; gone with the run. */
    readonly folder: string;
  }
}

/** Starts the real servers that every test of this run shares; ends them by pid afterwards. */
export default async function setUp(project: TestProject) {
  const starts = await Promise.allSettled([startTemporal(), startPostgres()] as const);
  const [temporal, postgres] = starts;
  const folder = await temporaryFolder('run');
  await chmod(folder, 0o755); // the database's own user must come in
  const stop = async () => {
    await rm(folder, { recursive: true, force: true });
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    await Promise.all(started.map((server) => server.stop()));
  };
  if (temporal.status === 'rejected' || postgres.status === 'rejected') {
    await stop();
    const reasons = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason] : []));
    throw new AggregateError(reasons, `the test servers did not start: ${reasons.join('\n')}`);
  }
  project.provide('folder', folder);
  project.provide('temporalAddress', temporal.value.address);
  project.provide('postgresUrl', postgres.value.url);
  return stop;
}
