import { createHash } from 'node:crypto';
import type { World } from '../world.ts';
import { condition } from './conditions.ts';
import type { Message } from './read-message.ts';
import { type ServiceRecord, shortName, type TrafficTarget } from './records.ts';
import { reservedUrl } from './reserved.ts';
import { revisionOf } from './traffic.ts';
import { serviceUrl, tagUrl } from './urls.ts';

/** A service as the v2 API shows it. */
export function serviceBody(world: World, service: ServiceRecord): Message {
  const { name, uid, spec, state, latestCreated, latestReady } = service;
  return {
    name,
    uid,
    generation: String(service.generation),
    ...spec,
    createTime: service.createTime,
    updateTime: service.updateTime,
    creator: service.creator,
    lastModifier: service.lastModifier,
    observedGeneration: String(service.observedGeneration),
    terminalCondition: condition('Ready', state),
    conditions: [condition('RoutesReady', state), condition('ConfigurationsReady', state)],
    ...(latestReady === undefined ? {} : { latestReadyRevision: full(name, latestReady) }),
    ...(latestCreated === undefined ? {} : { latestCreatedRevision: full(name, latestCreated) }),
    trafficStatuses: service.served.map((target) => trafficStatus(service, target)),
    uri: serviceUrl(service),
    urls: [reservedUrl(world, name) ?? [], serviceUrl(service)].flat(),
    ...(state.phase === 'pending' ? { reconciling: true } : {}),
    etag: serviceEtag(service),
  };
}

/** Changes with every change that a client makes, and with no other. */
export function serviceEtag({ uid, generation, updateTime }: ServiceRecord): string {
  const digest = createHash('sha256').update(`${uid} ${generation} ${updateTime}`).digest();
  return `"${digest.toString('base64url').slice(0, 20)}"`;
}

/** The relative name of a service's revision. */
export const full = (service: string, revision: string): string =>
  `${service}/revisions/${shortName(revision)}`;

function trafficStatus(service: ServiceRecord, target: TrafficTarget): Message {
  const { type, percent, tag } = target;
  const revision = revisionOf(target, service.latestReady);
  const uri = tag === undefined ? undefined : tagUrl(service, tag);
  return {
    type,
    ...(revision === undefined ? {} : { revision }),
    ...(percent === undefined || percent === 0 ? {} : { percent }),
    ...(tag === undefined ? {} : { tag }),
    ...(uri === undefined ? {} : { uri }),
  };
}
