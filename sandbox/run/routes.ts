import { guarded } from '../google/apis/guard.ts';
import type { Route } from '../google/http.ts';
import type { World } from '../world.ts';
import type { Fleet } from './fleet.ts';
import { addressRoutes } from './address-routes.ts';
import { knativeRoutes } from './knative-routes.ts';
import { executionRoutes } from './jobs/execution-routes.ts';
import { jobRoutes } from './jobs/job-routes.ts';
import { logRoutes } from './log-routes.ts';
import { poolRoutes } from './pools/pool-routes.ts';
import { revisionRoutes } from './revision-routes.ts';
import { resumeRollOuts } from './roll-out.ts';
import { serviceRoutes } from './service-routes.ts';

/**
 * Cloud Run: services, jobs, worker pools and revisions of v2, services of v1, both versions' policy verbs, and the
 * logs. Takes up the generations that an earlier server left unfinished.
 */
export function runRoutes(world: World, fleet: Fleet): Route[] {
  const running = { world, fleet };
  resumeRollOuts(running);
  const api = [
    ...serviceRoutes(running),
    ...revisionRoutes(running),
    ...knativeRoutes(running),
    ...jobRoutes({ world, executions: fleet.executions }),
    ...executionRoutes({ world, executions: fleet.executions }),
    ...poolRoutes({ world, workers: fleet.workers }),
  ];
  return [
    ...guarded(world, 'run.googleapis.com', api),
    ...guarded(world, 'logging.googleapis.com', logRoutes(world)),
    ...addressRoutes(fleet),
  ];
}
