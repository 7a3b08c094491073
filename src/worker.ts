import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { RuntimeOptions } from '@temporalio/worker';
import { destination, pino } from 'pino';
import type { Logger } from 'pino';
import { listenForCrashes } from './causes/listen.ts';
import { createActivities } from '../activities/index.ts';
import { keepToOurselves } from './own-umask.ts';
import { projectPlace } from './place.ts';
import { redacted } from './redaction/redacted.ts';
import { dataConverter } from './temporal/codec.ts';
import { refuseOpenDoor } from './temporal/refuse-open-door.ts';
import { connectWorker } from './temporal/connect-worker.ts';
import { afterDeath } from './after-death.ts';
import { workerIdentity } from './temporal/worker-identity.ts';
import { connectClient, taskQueue, temporalPlace } from './temporal/connect.ts';
import { hostVersions } from './temporal/versions/host.ts';
import { ownBundle } from './temporal/versions/own-bundle.ts';

const patience = {
  maxHeartbeatThrottleInterval: '2 seconds', // a stop is learned by a heartbeat
  // A dead worker's own queue of workflow tasks is given up after it.
  stickyQueueScheduleToStartTimeout: '3 seconds',
  // terraform outlives the worker under its supervisor, so a stop need not wait for it
  shutdownGraceTime: '5 seconds',
  shutdownForceTime: '30 seconds',
} as const;

keepToOurselves();
const place = projectPlace();
const log = pino({ name: 'windlass-worker', level: process.env['LOG_LEVEL'] ?? 'info' }, output());
const crashes = listenForCrashes(place.home, log);
await main().catch(crashes.fatal);

async function main(): Promise<void> {
  Runtime.install({ ...metrics(), logger: loggerInto(log) });
  await refuseOpenDoor(place);
  const temporal = await temporalPlace(place.home);
  const own = await ownBundle(place.home);
  const connection = await connectWorker(temporal);
  const client = await connectClient(temporal);
  const options = {
    ...{ namespace: temporal.namespace, activities: createActivities(place) },
    ...{ dataConverter: await dataConverter('worker'), ...patience },
    ...{ identity: await workerIdentity() },
  };
  try {
    await afterDeath(place, client, log);
    await hostVersions({ place, client, connection, own, options, log }, () => {
      process.send?.({ ready: own.buildId });
      log.info({ taskQueue, buildId: own.buildId }, 'worker is ready');
    });
  } finally {
    await client.connection.close();
    await connection.close();
  }
}

/** The log may stand on a full disk: a line that cannot be written is lost, and nothing else. */
function output(): { readonly write: (line: string) => void } {
  const stdout = destination({ fd: 1, sync: true });
  stdout.on('error', () => undefined);
  return { write: (line: string) => void stdout.write(redacted(line)) };
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
