import { z } from 'zod';
import {
  type Call,
  GoogleError,
  notFound,
  ok,
  param,
  type Reply,
  type Route,
} from '../google/http.ts';
import { demand, dropPolicies } from '../google/policies.ts';
import { demandProject } from '../google/projects.ts';
import type { World } from '../world.ts';
import { fromKnative } from './from-knative.ts';
import { keepUntold } from './keep-untold.ts';
import { knativePage } from './knative-page.ts';
import { getRevision, listRevisions } from './knative-revisions.ts';
import { KnativeService } from './knative-types.ts';
import type { Message } from './read-message.ts';
import { partsOf, revisions, revisionsOf, services, shortName } from './records.ts';
import type { ServiceRecord } from './records.ts';
import { rollOut, type Running } from './roll-out.ts';
import { serviceEtag } from './service-body.ts';
import { toKnative } from './to-knative.ts';
import { createService, updateService, type Write } from './write-service.ts';

const ALL = '/apis/serving.knative.dev/v1/namespaces/{project}/services';
const ONE = `${ALL}/{service}`;
const REVISIONS = '/apis/serving.knative.dev/v1/namespaces/{project}/revisions';
// The same lists as gcloud asks for them, whose location may be `-`.
const OF_REGION = '/v1/projects/{project}/locations/{location}';
const LOCATION = 'cloud.googleapis.com/location';
const DEFAULT_LOCATION = 'us-central1'; // v1's location is in the host name, which is ours here
const Labels = z.record(z.string(), z.string()).default({});

/** The v1 API over the same services: what v1 creates, v2 reads and changes. */
export function knativeRoutes(running: Running): readonly Route[] {
  const { world } = running;
  return [
    { method: 'GET', template: ALL, handle: (call) => list(world, call) },
    { method: 'GET', template: `${OF_REGION}/services`, handle: (call) => list(world, call) },
    { method: 'GET', template: REVISIONS, handle: (call) => listRevisions(world, call) },
    {
      method: 'GET',
      template: `${OF_REGION}/revisions`,
      handle: (call) => listRevisions(world, call),
    },
    {
      method: 'GET',
      template: `${REVISIONS}/{revision}`,
      handle: (call) => getRevision(world, call),
    },
    { method: 'POST', template: ALL, handle: (call) => create(running, call) },
    { method: 'GET', template: ONE, handle: (call) => get(world, call) },
    { method: 'PUT', template: ONE, handle: (call) => replace(running, call) },
    { method: 'DELETE', template: ONE, handle: (call) => remove(running, call) },
  ];
}

function list(world: World, call: Call): Reply {
  const project = param(call, 'project');
  demandProject(world, call.caller, `projects/${project}`, 'run.services.list');
  const region = call.params['location'] ?? '-';
  const items = services(world)
    .list()
    .filter(([name]) => partsOf(name).project === project)
    .filter(([name]) => region === '-' || partsOf(name).location === region)
    .map(([, service]) => toKnative(service));
  return ok(knativePage('ServiceList', items, call.query));
}

function get(world: World, call: Call): Reply {
  const name = nameOf(world, call);
  demand(world, call.caller, 'run.services.get', name);
  const service = services(world).get(name);
  if (service === undefined)
    throw notFound(`Resource '${param(call, 'service')}' of kind 'SERVICE' does not exist.`);
  return ok(toKnative(service));
}

async function create(running: Running, call: Call): Promise<Reply> {
  const project = param(call, 'project');
  demandProject(running.world, call.caller, `projects/${project}`, 'run.services.create');
  const sent = KnativeService.parse(call.body);
  const location = Labels.parse(sent.metadata.labels ?? {})[LOCATION] ?? DEFAULT_LOCATION;
  const name = `projects/${project}/locations/${location}/services/${sent.metadata.name}`;
  return answer(running, createService(running, name, fromKnative(sent), call.caller));
}

async function replace(running: Running, call: Call): Promise<Reply> {
  const { world } = running;
  const name = nameOf(world, call);
  demand(world, call.caller, 'run.services.update', name);
  const sent = KnativeService.parse(call.body);
  const before = services(world).get(name);
  const version = sent.metadata.resourceVersion;
  if (before !== undefined && version !== undefined && serviceEtag(before) !== `"${version}"`) {
    throw new GoogleError(
      'ABORTED',
      `Conflict for resource '${shortName(name)}': version '${version}' was specified but it has changed since.`,
    );
  }
  const asked = before === undefined ? fromKnative(sent) : changed(before, sent);
  return answer(running, updateService(running, name, asked, call.caller));
}

// v1 has no words for all that v2 has: a PUT of what a GET showed must change nothing.
function changed(before: ServiceRecord, sent: KnativeService): Message {
  const shown = fromKnative(KnativeService.parse(toKnative(before)));
  return keepUntold(before.spec, shown, fromKnative(sent));
}

async function remove(running: Running, call: Call): Promise<Reply> {
  const { world, fleet } = running;
  const name = nameOf(world, call);
  demand(world, call.caller, 'run.services.delete', name);
  if (!services(world).delete(name))
    throw notFound(`Resource '${shortName(name)}' does not exist.`);
  for (const revision of revisionsOf(world, name)) revisions(world).delete(revision.name);
  dropPolicies(world, name);
  await fleet.remove(name);
  return ok({ kind: 'Status', apiVersion: 'v1', status: 'Success' });
}

// v1 has no operations: the answer shows the service while it is reconciling.
async function answer(running: Running, write: Write): Promise<Reply> {
  const generation = await write.commit();
  void rollOut(running, generation).catch(() => undefined);
  return ok(toKnative(generation.service));
}

function nameOf(world: World, call: Call): string {
  const project = param(call, 'project');
  const service = param(call, 'service');
  const found = services(world)
    .list()
    .find(([name]) => partsOf(name).project === project && shortName(name) === service);
  return found?.[0] ?? `projects/${project}/locations/${DEFAULT_LOCATION}/services/${service}`;
}
