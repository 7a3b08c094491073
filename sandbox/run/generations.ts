import { createHash, randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GoogleError } from '../google/http.ts';
import { ensureProject } from '../google/projects.ts';
import type { World } from '../world.ts';
import { withDefaults } from './defaults.ts';
import type { Message } from './read-message.ts';
import { partsOf, type RevisionRecord, revisions, revisionsOf } from './records.ts';
import { pruneRevisions } from './prune-revisions.ts';
import { type ServiceRecord, services, shortName, TrafficTarget } from './records.ts';
import { refuseTemplate } from './refuse-template.ts';
import { readTemplate } from './template.ts';
import { readTraffic } from './traffic.ts';

const LETTERS = 'bcdfghjklmnpqrstvwxz456789';

/** What a write led to: the stored service and, where its template changed, a new revision. */
export interface Generation {
  readonly service: ServiceRecord;
  readonly revision: RevisionRecord | undefined;
}

/** A first generation of a service that does not exist yet; nothing is stored. */
export function freshService(world: World, name: string, member: string): ServiceRecord {
  const now = world.now().toISOString();
  return {
    ...{ name, uid: randomUUID(), generation: 0, observedGeneration: 0 },
    ...{ createTime: now, updateTime: now, creator: member, lastModifier: member },
    ...{ spec: {}, served: [], revisionCount: 0, port: 0, tagPorts: {} },
    state: { phase: 'pending', at: now },
  };
}

/** Checks a spec as the API would, without storing anything; answers it with its defaults. */
export function checkedSpec(world: World, before: ServiceRecord, asked: Message): Message {
  const spec = withDefaults(
    asked,
    ensureProject(world, partsOf(before.name).project).projectNumber,
  );
  refuseTemplate(readTemplate(spec['template']));
  const known = revisionsOf(world, before.name).map(({ name }) => shortName(name));
  const wanted = readTemplate(spec['template']).revision;
  const targets = z.array(TrafficTarget).parse(spec['traffic']);
  const traffic = readTraffic(targets, (name) => name === wanted || known.includes(name));
  if (wanted !== undefined && known.includes(wanted) && !sameTemplate(before.spec, spec)) {
    throw new GoogleError(
      'ALREADY_EXISTS',
      `Revision named '${wanted}' with different configuration already exists.`,
    );
  }
  return { ...spec, traffic };
}

/** Stores the next generation; a changed template becomes a new, immutable revision. */
export function nextGeneration(
  world: World,
  before: ServiceRecord,
  spec: Message,
  member: string,
): Generation {
  if (digestOf(before.spec) === digestOf(spec)) return { service: before, revision: undefined };
  const now = world.now().toISOString();
  const next: ServiceRecord = {
    ...before,
    spec,
    generation: before.generation + 1,
    updateTime: now,
    lastModifier: member,
    state: { phase: 'pending', at: now },
  };
  if (sameTemplate(before.spec, spec)) {
    services(world).set(next.name, next);
    return { service: next, revision: undefined };
  }
  const revision = newRevision(world, next);
  const { revisionCount } = before;
  const service = {
    ...next,
    revisionCount: revisionCount + 1,
    latestCreated: shortName(revision.name),
  };
  services(world).set(service.name, service);
  revisions(world).set(revision.name, revision);
  pruneRevisions(world, service.name);
  return { service, revision };
}

function newRevision(world: World, service: ServiceRecord): RevisionRecord {
  const template = readTemplate(service.spec['template']);
  const short = shortName(service.name);
  const number = String(service.revisionCount + 1).padStart(5, '0');
  const name = template.revision ?? `${short}-${number}-${threeLetters()}`;
  const now = world.now().toISOString();
  const fault = faultFor(world, short);
  return {
    name: `${service.name}/revisions/${name}`,
    service: service.name,
    uid: randomUUID(),
    generation: 1,
    createTime: now,
    updateTime: now,
    creator: service.lastModifier,
    template: service.spec['template'] === undefined ? {} : template,
    labels: template.labels ?? {},
    state: { phase: 'pending', at: now },
    ...(fault === undefined ? {} : { fault }),
  };
}

// The faults `services` and `smoke` are decided when a revision is made and stay in it; one that names
// no service hits any.
function faultFor(world: World, service: string): 'crash' | 'smoke' | undefined {
  const meant = (fault: Record<string, unknown>) => (fault['service'] ?? service) === service;
  if (world.faults.take('services', meant) !== undefined) return 'crash';
  return world.faults.take('smoke', meant) === undefined ? undefined : 'smoke';
}

const sameTemplate = (a: Message, b: Message): boolean =>
  digestOf(a['template']) === digestOf(b['template']);

const threeLetters = (): string =>
  Array.from({ length: 3 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)) ?? '')
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
