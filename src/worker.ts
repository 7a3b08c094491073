import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { RuntimeOptions, WorkerOptions } from '@temporalio/worker';
import { destination, pino } from 'pino';
import type { Logger } from 'pino';
import { listenForCrashes } from './causes/listen.ts';
import { createActivities } from '../activities/index.ts';
import { projectPlace } from './place.ts';
import { dataConverter } from './temporal/codec.ts';
import { connectWorker } from './temporal/connect-worker.ts';
import { afterDeath } from './after-death.ts';
import { workerIdentity } from './temporal/dead-attempts.ts';
import { taskQueue, temporalPlace } from './temporal/connect.ts';

const patience = {
  maxHeartbeatThrottleInterval: '2 seconds', // a stop is learned by a heartbeat
  // A dead worker's own queue of workflow tasks is given up after it.
  stickyQueueScheduleToStartTimeout: '3 seconds',
  // terraform outlives the worker under its supervisor, so a stop need not wait for it
  shutdownGraceTime: '5 seconds',
  shutdownForceTime: '30 seconds',
} as const;

const place = projectPlace();
const log = pino({ name: 'windlass-worker', level: process.env['LOG_LEVEL'] ?? 'info' }, output());
const crashes = listenForCrashes(place.home, log);
await main().catch(crashes.fatal);

async function main(): Promise<void> {
  Runtime.install({ ...metrics(), logger: loggerInto(log) });
  const { namespace, ...temporal } = await temporalPlace(place.home);
  const connection = await connectWorker(temporal);
  try {
    const worker = await Worker.create({
      ...{ connection, namespace, taskQueue, identity: await workerIdentity() },
      activities: createActivities(place),
      dataConverter: await dataConverter(),
      ...workflowCode(),
      ...patience,
    });
    await afterDeath(place, new Client({ connection, namespace }), log);
    process.send?.('ready');
    log.info({ taskQueue }, 'worker is ready');
    await worker.run();
  } finally {
    await connection.close();
  }
}

/** The log may stand on a full disk: a line that cannot be written is lost, and nothing else. */
function output(): ReturnType<typeof destination> {
  const stdout = destination({ fd: 1, sync: true });
  stdout.on('error', () => undefined);
  return stdout;
}

function loggerInto(log: Logger): DefaultLogger {
  return new DefaultLogger('INFO', ({ level, message, meta }) =>
    log[level === 'ERROR' ? 'error' : level === 'WARN' ? 'warn' : 'info'](meta ?? {}, message),
  );
}

/** Prometheus reads the worker at `WINDLASS_METRICS_ADDRESS` (host:port); unset = no metrics. */
function metrics(): RuntimeOptions {
  const bindAddress = process.env['WINDLASS_METRICS_ADDRESS'];
  if (bindAddress === undefined) return {};
  return { telemetryOptions: { metrics: { prometheus: { bindAddress } } } };
}

/** The bundle that was built before, or the sources in development. */
function workflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = process.env['WINDLASS_WORKFLOW_BUNDLE'];
  if (codePath !== undefined) return { workflowBundle: { codePath } };
  return { workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)) };
}
