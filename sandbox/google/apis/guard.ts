import type { World } from '../../world.ts';
import type { Call, Route } from '../http.ts';
import { projectNamed } from '../projects.ts';
import { apiOff } from './api-off.ts';
import { consumerOf } from './consumer.ts';
import { answersCalls } from './switched.ts';

/** The routes of one API, refused where the project has it off: before anybody's rights are asked. */
export function guarded(world: World, api: string, routes: readonly Route[]): readonly Route[] {
  return routes.map((route): Route => {
    // What needs no token is no call of an API, and the sandbox's own switches are none.
    if (route.open === true || route.template.startsWith('/_sandbox/')) return route;
    return {
      ...route,
      handle(call) {
        refuseOff(world, api, call);
        return route.handle(call);
      },
    };
  });
}

/** Throws SERVICE_DISABLED where the call's project has the API off. */
export function refuseOff(world: World, api: string, call: Call): void {
  const consumer = consumerOf(world, call);
  if (consumer !== undefined) refuseOffIn(world, api, consumer);
}

/** The same for a project of known id or number; one that does not exist is others' to refuse. */
export function refuseOffIn(world: World, api: string, consumer: string): void {
  const project = projectNamed(world, `projects/${consumer}`);
  if (project === undefined || answersCalls(world, project.projectId, api)) return;
  throw apiOff(api, project.projectNumber);
}
