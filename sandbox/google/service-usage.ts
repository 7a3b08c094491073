import { z } from 'zod';
import type { Collection, World } from '../world.ts';
import { type Call, ok, param, type Reply, type Route } from './http.ts';
import { doneOperation } from './operations.ts';
import { demandProject } from './projects.ts';
import { page } from './wire.ts';

const Batch = z.object({ serviceIds: z.array(z.string()) });
const SERVICE = '/v1/{parent=projects/*}/services/{service}';

/** The Service Usage API, v1: which APIs a project has switched on. */
export function serviceUsageRoutes(world: World): readonly Route[] {
  return [
    {
      method: 'POST',
      template: '/v1/{parent=projects/*}/services:batchEnable',
      handle: (call) => change(world, call, 'enable', Batch.parse(call.body).serviceIds),
    },
    ...(['enable', 'disable'] as const).map((verb): Route => ({
      method: 'POST',
      template: `${SERVICE}:${verb}`,
      handle: (call) => change(world, call, verb, [param(call, 'service')]),
    })),
    { method: 'GET', template: SERVICE, handle: (call) => get(world, call) },
    {
      method: 'GET',
      template: '/v1/{parent=projects/*}/services',
      handle: (call) => list(world, call),
    },
  ];
}

function change(
  world: World,
  call: Call,
  verb: 'enable' | 'disable',
  services: readonly string[],
): Reply {
  const parent = param(call, 'parent');
  const project = demandProject(world, call.caller, parent, `serviceusage.services.${verb}`);
  for (const service of services) {
    if (verb === 'enable') enabled(world).set(`${project.projectId}/${service}`, true);
    else enabled(world).delete(`${project.projectId}/${service}`);
  }
  const state = verb === 'enable' ? 'ENABLED' : 'DISABLED';
  const shown = services.map((service) => shownService(project.projectNumber, service, state));
  const response = services.length === 1 ? { service: shown[0] } : { services: shown };
  const name = `operations/acf.${crypto.randomUUID()}`;
  return ok(doneOperation(world, { name }, response));
}

function get(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  const project = demandProject(world, call.caller, parent, 'serviceusage.services.get');
  const service = param(call, 'service');
  const on = enabled(world).get(`${project.projectId}/${service}`) === true;
  return ok(shownService(project.projectNumber, service, on ? 'ENABLED' : 'DISABLED'));
}

// The sandbox knows only what was switched on, so every filter answers the same.
function list(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  const project = demandProject(world, call.caller, parent, 'serviceusage.services.list');
  const all = enabled(world)
    .list()
    .map(([key]) => key)
    .filter((key) => key.startsWith(`${project.projectId}/`))
    .map((key) => shownService(project.projectNumber, key.split('/')[1] ?? '', 'ENABLED'));
  return ok({ services: [], ...page('services', all, call.query) });
}

function shownService(number: string, service: string, state: string): Record<string, unknown> {
  return {
    name: `projects/${number}/services/${service}`,
    parent: `projects/${number}`,
    config: { name: service },
    state,
  };
}

function enabled(world: World): Collection<boolean> {
  return world.collection('enabled-services', z.boolean());
}
