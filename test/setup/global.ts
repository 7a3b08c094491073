import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import { startTemporal } from './temporal.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** host:port of the Temporal dev server that the whole run shares. */
    readonly temporalAddress: string;
    /** postgres:// address of the superuser on the Postgres that the whole run shares. */
    readonly postgresUrl: string;
  }
}

/** Starts the real servers that every test of this run shares; ends them by pid afterwards. */
export default async function setUp(project: TestProject) {
  const starts = await Promise.allSettled([startTemporal(), startPostgres()] as const);
  const [temporal, postgres] = starts;
  const stop = async () => {
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    await Promise.all(started.map((server) => server.stop()));
  };
  if (temporal.status === 'rejected' || postgres.status === 'rejected') {
    await stop();
    const reasons = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason] : []));
    throw new AggregateError(reasons, `the test servers did not start: ${reasons.join('\n')}`);
  }
  project.provide('temporalAddress', temporal.value.address);
  project.provide('postgresUrl', postgres.value.url);
  return stop;
}
