import {
  type Call,
  GoogleError,
  notFound,
  ok,
  param,
  type Reply,
  type Route,
} from '../google/http.ts';
import { demand } from '../google/policies.ts';
import { page } from '../google/wire.ts';
import type { World } from '../world.ts';
import { condition } from './conditions.ts';
import { logPage } from './log-page.ts';
import type { Message } from './read-message.ts';
import { type RevisionRecord, revisions, revisionsOf } from './records.ts';
import { serviceNamed, services, shortName } from './records.ts';
import type { Running } from './roll-out.ts';
import { revisionOf } from './traffic.ts';
import { type Handlers, routesOf, runOperation } from './v2-resource.ts';

const handlers: Handlers<Running> = {
  GetRevision: get,
  ListRevisions: list,
  DeleteRevision: remove,
};

/** The Revisions API, v2. */
export function revisionRoutes(running: Running): readonly Route[] {
  const reading = { GetRevision: get, ListRevisions: list };
  const ofPools = routesOf('Revisions', reading, running).map((route) => ({
    ...route,
    template: route.template.replace('/services/', '/workerPools/'),
  }));
  return [...routesOf('Revisions', handlers, running), ...ofPools];
}

/** A revision as the v2 API shows it. */
export function revisionBody(world: World, revision: RevisionRecord): Message {
  const { name, uid, state, template, generation, createTime, updateTime } = revision;
  const { revision: _name, labels: _labels, ...rest } = template;
  return {
    ...rest,
    name,
    uid,
    generation: String(generation),
    observedGeneration: String(generation),
    labels: revision.labels,
    createTime,
    updateTime,
    creator: revision.creator,
    launchStage: 'GA',
    service: shortName(revision.service),
    conditions: ['Ready', 'ContainerHealthy'].map((type) => condition(type, state)),
    logUri: logPage(world, revision),
    ...(state.phase === 'pending' ? { reconciling: true } : {}),
    etag: `"${uid.slice(0, 8)}-${state.phase}"`,
  };
}

function get({ world }: Running, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.revisions.get', serviceOf(name));
  return ok(revisionBody(world, named(world, name)));
}

function list({ world }: Running, call: Call): Reply {
  const parent = param(call, 'parent');
  const all = parent.includes('/-') ? everyOf(world, parent) : revisionsOf(world, parent);
  demand(world, call.caller, 'run.revisions.list', parent.replace(/\/locations\/-\/.*$/, ''));
  const newestFirst = all.toSorted((a, b) => b.createTime.localeCompare(a.createTime));
  return ok(
    page(
      'revisions',
      newestFirst.map((one) => revisionBody(world, one)),
      call.query,
    ),
  );
}

function remove({ world, fleet }: Running, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.revisions.delete', serviceOf(name));
  const revision = named(world, name);
  refuseInUse(world, revision);
  revisions(world).delete(name);
  return ok(
    runOperation(world, { resource: name, kind: 'Revision' }, async () => {
      await fleet.stopRevision(name);
      return { ...revisionBody(world, revision), deleteTime: world.now().toISOString() };
    }),
  );
}

function refuseInUse(world: World, revision: RevisionRecord): void {
  const { served, latestReady, latestCreated, spec } = serviceNamed(world, revision.service);
  const short = shortName(revision.name);
  const declared = JSON.stringify(spec['traffic'] ?? []).includes(`"${short}"`);
  const serving = served.some((target) => revisionOf(target, latestReady) === short);
  if (!serving && !declared && short !== latestCreated) return;
  const why = serving || declared ? 'it receives traffic or has a tag' : 'it is the latest one';
  throw new GoogleError('FAILED_PRECONDITION', `Revision '${short}' cannot be deleted: ${why}.`);
}

function named(world: World, name: string): RevisionRecord {
  const found = revisions(world).get(name);
  if (found !== undefined) return found;
  throw notFound(`Resource '${shortName(name)}' of kind 'REVISION' does not exist.`);
}

/** The revisions of every service that fits, `-` standing for any location or service. */
function everyOf(world: World, parent: string): readonly RevisionRecord[] {
  const wanted = parent.split('/');
  return services(world)
    .list()
    .filter(([name]) =>
      name.split('/').every((part, at) => wanted[at] === '-' || wanted[at] === part),
    )
    .flatMap(([name]) => revisionsOf(world, name));
}

const serviceOf = (revision: string): string => revision.replace(/\/revisions\/.*$/, '');
