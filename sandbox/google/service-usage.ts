import { z } from 'zod';
import type { World } from '../world.ts';
import { catalogue } from './apis/catalogue.ts';
import { apisOf, isEnabled, switchApi } from './apis/switched.ts';
import { type Call, GoogleError, invalid, ok, param, type Reply, type Route } from './http.ts';
import { doneOperation } from './operations.ts';
import { demandProject } from './projects.ts';
import { page } from './wire.ts';

const Batch = z.object({ serviceIds: z.array(z.string()).default([]) });
const PARENT = '/v1/{parent=projects/*}/services';
const SERVICE = `${PARENT}/{service}`;
const MOST = 20; // services in one batchEnable

/** The Service Usage API, v1: which APIs a project has switched on. */
export function serviceUsageRoutes(world: World): readonly Route[] {
  return [
    { method: 'POST', template: `${PARENT}:batchEnable`, handle: (call) => batch(world, call) },
    { method: 'GET', template: `${PARENT}:batchGet`, handle: (call) => getMany(world, call) },
    ...(['enable', 'disable'] as const).map((verb): Route => ({
      method: 'POST',
      template: `${SERVICE}:${verb}`,
      handle: (call) => change(world, call, verb, [param(call, 'service')]),
    })),
    { method: 'GET', template: SERVICE, handle: (call) => get(world, call) },
    { method: 'GET', template: PARENT, handle: (call) => list(world, call) },
  ];
}

function batch(world: World, call: Call): Reply {
  const { serviceIds } = Batch.parse(call.body ?? {});
  if (serviceIds.length > 0 && serviceIds.length <= MOST)
    return change(world, call, 'enable', serviceIds);
  throw invalid(`Between 1 and ${MOST} services can be enabled at once.`);
}

function change(
  world: World,
  call: Call,
  verb: 'enable' | 'disable',
  services: readonly string[],
): Reply {
  const project = projectOf(world, call, verb);
  refuseUnknown(world, project.projectId, services);
  for (const service of services) switchApi(world, project.projectId, service, verb === 'enable');
  const state = verb === 'enable' ? 'ENABLED' : 'DISABLED';
  const shown = services.map((service) => shownService(project.projectNumber, service, state));
  const many = call.path.endsWith(':batchEnable');
  const response = many ? { services: shown } : { service: shown[0] };
  const name = `operations/acf.${crypto.randomUUID()}`;
  return ok(doneOperation(world, { name }, response));
}

function get(world: World, call: Call): Reply {
  const { projectId, projectNumber } = projectOf(world, call, 'get');
  const service = param(call, 'service');
  refuseUnknown(world, projectId, [service]);
  return ok(shownService(projectNumber, service, stateOf(isEnabled(world, projectId, service))));
}

function getMany(world: World, call: Call): Reply {
  const { projectId, projectNumber } = projectOf(world, call, 'get');
  const names = call.query.getAll('names').map((name) => name.split('/').at(-1) ?? '');
  refuseUnknown(world, projectId, names);
  const services = names.map((name) =>
    shownService(projectNumber, name, stateOf(isEnabled(world, projectId, name))),
  );
  return ok({ services });
}

function list(world: World, call: Call): Reply {
  const { projectId, projectNumber } = projectOf(world, call, 'list');
  const wanted = /^state:(ENABLED|DISABLED)$/.exec(call.query.get('filter') ?? 'state:ALL')?.[1];
  const all = apisOf(world, projectId)
    .map(([api, on]) => shownService(projectNumber, api, stateOf(on)))
    .filter(({ state }) => wanted === undefined || state === wanted);
  return ok(page('services', all, call.query));
}

function projectOf(world: World, call: Call, verb: string) {
  return demandProject(world, call.caller, param(call, 'parent'), `serviceusage.services.${verb}`);
}

function refuseUnknown(world: World, project: string, services: readonly string[]): void {
  const known = new Set(apisOf(world, project).map(([api]) => api));
  const unknown = services.filter((one) => catalogue[one] === undefined && !known.has(one));
  if (unknown.length === 0) return;
  const message = `Not found or permission denied for service(s): ${unknown.join(', ')}.`;
  throw new GoogleError('PERMISSION_DENIED', message, {
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED',
        domain: 'serviceusage.googleapis.com',
        metadata: { services: unknown.join(',') },
      },
    ],
  });
}

const stateOf = (on: boolean) => (on ? 'ENABLED' : 'DISABLED');

function shownService(number: string, service: string, state: 'ENABLED' | 'DISABLED') {
  return {
    name: `projects/${number}/services/${service}`,
    parent: `projects/${number}`,
    config: { name: service, title: catalogue[service] ?? service },
    state,
  };
}
