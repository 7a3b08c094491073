import { z } from 'zod';
import { type Call, GoogleError, ok, param, type Reply, type Route } from '../google/http.ts';
import { demand, dropPolicies, policyVerbs } from '../google/policies.ts';
import { demandProject } from '../google/projects.ts';
import { page } from '../google/wire.ts';
import { applyMask, checkMask } from './field-mask.ts';
import { messageType } from './proto-table.ts';
import { type Message, readMessage } from './read-message.ts';
import { partsOf, revisions, revisionsOf, serviceNamed, services, shortName } from './records.ts';
import { rollOut, type Running } from './roll-out.ts';
import { serviceBody, serviceEtag } from './service-body.ts';
import {
  checkEtag,
  clientFields,
  type Handlers,
  prefixOf,
  routesOf,
  runOperation,
} from './v2-resource.ts';
import { createService, updateService, type Write } from './write-service.ts';

const Service = messageType('Service');
const NAME = 'service.name';

const handlers: Handlers<Running> = {
  CreateService: create,
  GetService: get,
  ListServices: list,
  UpdateService: update,
  DeleteService: remove,
};

/** The Services API, v2: paths and verbs from its own proto table, policies included. */
export function serviceRoutes(running: Running): readonly Route[] {
  const { world } = running;
  const routes = routesOf('Services', handlers, running);
  const policies = ['v1', 'v2'].flatMap((version) =>
    policyVerbs(world, {
      template: `/${version}/{resource=projects/*/locations/*/services/*}`,
      permissions: 'run.services',
      exists: (name) => services(world).get(name) !== undefined,
    }),
  );
  return [...policies, ...routes];
}

function get({ world }: Running, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.services.get', name);
  return ok(serviceBody(world, serviceNamed(world, name)));
}

function list({ world }: Running, call: Call): Reply {
  const parent = param(call, 'parent');
  demandProject(world, call.caller, `projects/${partsOf(parent).project}`, 'run.services.list');
  const all = services(world)
    .list()
    .filter(([name]) => name.startsWith(prefixOf(parent)))
    .map(([, service]) => serviceBody(world, service));
  return ok(page('services', all, call.query));
}

async function create(running: Running, call: Call): Promise<Reply> {
  const parent = param(call, 'parent');
  const project = `projects/${partsOf(parent).project}`;
  demandProject(running.world, call.caller, project, 'run.services.create');
  const id = call.query.get('serviceId') ?? call.query.get('service_id') ?? '';
  const name = `${parent}/services/${id}`;
  const write = createService(
    running,
    name,
    clientFields('Service', sentService(call)),
    call.caller,
  );
  return answer(running, call, write);
}

async function update(running: Running, call: Call): Promise<Reply> {
  const name = param(call, NAME);
  const { world } = running;
  const mask = call.query.get('updateMask') ?? call.query.get('update_mask');
  const sent = sentService(call);
  const before = services(world).get(name);
  if (before === undefined && flag(call, 'allowMissing')) {
    const { project } = partsOf(name);
    demandProject(world, call.caller, `projects/${project}`, 'run.services.create');
    return answer(
      running,
      call,
      createService(running, name, clientFields('Service', sent), call.caller),
    );
  }
  demand(world, call.caller, 'run.services.update', name);
  const { spec, ...service } = serviceNamed(world, name);
  checkEtag(serviceEtag({ ...service, spec }), sent['etag'], name);
  checkMask(mask, (field) => Service.fields[field] !== undefined);
  const asked = clientFields('Service', applyMask(spec, sent, mask));
  if (mask === 'traffic' && sharesOf(asked) !== sharesOf(spec)) refusePromotion(running, name);
  return answer(running, call, updateService(running, name, asked, call.caller));
}

async function remove(running: Running, call: Call): Promise<Reply> {
  const name = param(call, 'name');
  const { world, fleet } = running;
  demand(world, call.caller, 'run.services.delete', name);
  const service = serviceNamed(world, name);
  checkEtag(serviceEtag(service), call.query.get('etag'), name);
  const body = serviceBody(world, service);
  if (flag(call, 'validateOnly')) return ok(operation(running, name, () => body));
  for (const revision of revisionsOf(world, name)) revisions(world).delete(revision.name);
  services(world).delete(name);
  dropPolicies(world, name);
  const removed = { ...body, deleteTime: world.now().toISOString() };
  return ok(
    operation(running, name, async () => {
      await fleet.remove(name);
      return removed;
    }),
  );
}

async function answer(running: Running, call: Call, write: Write): Promise<Reply> {
  const { name } = write.preview;
  if (flag(call, 'validateOnly')) {
    return ok(operation(running, name, () => serviceBody(running.world, write.preview)));
  }
  const generation = await write.commit();
  return ok(
    operation(running, name, async (report) => {
      report(serviceBody(running.world, generation.service));
      return serviceBody(running.world, await rollOut(running, generation));
    }),
  );
}

function operation(
  { world }: Running,
  resource: string,
  work: Parameters<typeof runOperation>[2],
): Message {
  return runOperation(world, { resource, kind: 'Service' }, work);
}

function sentService(call: Call): Message {
  return readMessage(Service, call.body ?? {}, 'service');
}

// The fault `promote`: the pivot itself is refused; a tag without traffic is none.
function refusePromotion({ world }: Running, name: string): void {
  const fault = world.faults.take(
    'promote',
    ({ service }) => service === undefined || service === shortName(name),
  );
  if (fault === undefined) return;
  throw new GoogleError(
    'FAILED_PRECONDITION',
    `The traffic of ${name} was refused (sandbox fault "promote").`,
  );
}

const flag = ({ query }: Call, name: string): boolean => query.get(name) === 'true';

const Targets = z.array(
  z.looseObject({ revision: z.string().optional(), percent: z.number().default(0) }),
);

/** Which revision gets how much, whatever the tags. */
function sharesOf(spec: Message): string {
  const targets = Targets.parse(spec['traffic'] ?? []).filter(({ percent }) => percent > 0);
  const shares = targets.map(({ revision, percent }) => `${revision ?? 'latest'} ${percent}`);
  return shares.sort().join() || 'latest 100';
}
