import { deletionPolicy, id, lastSegment, naming, project } from '../engine/common-fields.ts';
import { operationDone, pause } from '../engine/operation.ts';
import { withoutUnknown } from '../engine/reconcile.ts';
import type { Call, Resource } from '../engine/resource.ts';
import { optional, timeouts, type Fields } from '../engine/schema.ts';
import { isList, isObject, text, type ValueObject } from '../engine/value.ts';

const waitMs = 1_200_000;

const fields: Fields = {
  ...id,
  ...project,
  service: naming(),
  disable_on_destroy: optional('bool', { local: true, default: false }),
  disable_dependent_services: optional('bool', { local: true }),
  ...deletionPolicy,
  timeouts: timeouts('create', 'read', 'update', 'delete'),
};

/** A Google API that a project may use. */
export const projectService: Resource = {
  type: 'google_project_service',
  fields,
  importIds: ['{project}/{service}'],
  create: async (call, planned) => {
    if (!(await isEnabled(call, planned))) await enable(call, planned);
    return { state: await read(call, planned) };
  },
  read,
  update: async (_call, planned) => ({ state: stateOf(planned) }),
  destroy: async (call, state) => {
    if (state['disable_on_destroy'] !== true) return;
    const disableDependentServices = state['disable_dependent_services'] === true;
    await switchTo(call, state, { verb: 'disable', body: { disableDependentServices } });
  },
};

async function read(call: Call, state: ValueObject): Promise<ValueObject | null> {
  const path = `projects/${text(state['project'])}`;
  await call.send({ product: 'resource_manager', method: 'GET', path, generated: true });
  return (await isEnabled(call, state)) ? stateOf(state) : null;
}

function stateOf(state: ValueObject): ValueObject {
  const known = withoutUnknown(fields, state);
  return { ...known, id: `${text(state['project'])}/${text(state['service'])}` };
}

async function enable(call: Call, planned: ValueObject): Promise<void> {
  await switchTo(call, planned, { verb: 'enable', body: {} });
  const deadline = Date.now() + waitMs;
  while (!(await isEnabled(call, planned))) await pause(call, deadline);
}

async function switchTo(
  call: Call,
  state: ValueObject,
  { verb, body }: { readonly verb: 'enable' | 'disable'; readonly body: ValueObject },
): Promise<void> {
  const path = `projects/${text(state['project'])}/services/${text(state['service'])}:${verb}`;
  const started = await call.send({
    product: 'service_usage',
    method: 'POST',
    path,
    body,
    generated: true,
  });
  await operationDone(call, 'service_usage', started, waitMs);
}

async function isEnabled(call: Call, state: ValueObject): Promise<boolean> {
  let pageToken: string | undefined;
  do {
    const page = await call.send({
      product: 'service_usage',
      method: 'GET',
      path: `projects/${text(state['project'])}/services`,
      generated: true,
      query: {
        fields: 'services/name,nextPageToken',
        filter: 'state:ENABLED',
        pageSize: '200',
        ...(pageToken === undefined ? {} : { pageToken }),
      },
    });
    const services = isList(page['services']) ? page['services'].filter(isObject) : [];
    if (services.some((service) => lastSegment(text(service['name'])) === text(state['service'])))
      return true;
    pageToken = text(page['nextPageToken']) || undefined;
  } while (pageToken !== undefined);
  return false;
}
