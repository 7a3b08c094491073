import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { finishRun, Operation } from './operation.ts';
import { readService, serviceUrl } from './run.ts';
import type { RunService, TrafficTarget } from './run-service.ts';
import { sameSplit } from './traffic-split.ts';

/** The split that a service shall have; an `etag` refuses it if the service changed meanwhile. */
export interface WantedTraffic {
  readonly service: string;
  readonly traffic: readonly TrafficTarget[];
  readonly etag?: string;
}

/** Sets one service's traffic and waits for Google's operation; no call where it is already so. */
export async function setTraffic(
  access: GoogleAccess,
  wanted: WantedTraffic,
  waiting: Waiting = {},
): Promise<RunService> {
  const now = await existing(access, wanted.service, waiting);
  if (sameSplit(now.traffic, wanted.traffic) && now.ready) return now;
  await patchTraffic(access, wanted, waiting);
  return existing(access, wanted.service, waiting);
}

/** Sets all services' traffic side by side; tries every one, then throws for those that failed. */
export async function setAllTraffic(
  access: GoogleAccess,
  wanted: readonly WantedTraffic[],
  waiting: Waiting & { readonly onSet?: (service: string) => void } = {},
): Promise<readonly RunService[]> {
  const set = async (one: WantedTraffic): Promise<RunService> => {
    const after = await setTraffic(access, one, waiting);
    waiting.onSet?.(one.service);
    return after;
  };
  const tries = await Promise.allSettled(wanted.map(set));
  const failed = tries.flatMap((one, index) =>
    one.status === 'rejected' ? [{ service: wanted[index]?.service ?? '', error: one.reason }] : [],
  );
  if (failed.length > 0) {
    waiting.signal?.throwIfAborted();
    throw someFailed(failed);
  }
  return tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** The service, which must exist. */
export async function existing(
  access: GoogleAccess,
  service: string,
  waiting: Waiting,
): Promise<RunService> {
  const found = await readService(access, service, waiting);
  if (found) return found;
  throw new Failure({
    code: 'SERVICE_MISSING',
    what: `There is no service ${service} in ${access.project}`,
    why: 'Traffic can only be set on a service that exists.',
    fix: 'Deploy it first, or check who removed it.',
  });
}

async function patchTraffic(
  access: GoogleAccess,
  { service, traffic, etag }: WantedTraffic,
  waiting: Waiting,
): Promise<void> {
  const deed = { action: `set the traffic of ${service}`, mutating: true };
  const url = `${serviceUrl(access, service)}?updateMask=traffic`;
  const body = { traffic: traffic.map(targetMessage), ...(etag !== undefined && { etag }) };
  const call = { ...deed, method: 'PATCH', url, body, answer: Operation } as const;
  await finishRun(access, await callGoogle(access, call, waiting), deed, waiting);
}

function targetMessage(target: TrafficTarget) {
  const tag = target.tag === undefined ? {} : { tag: target.tag };
  if (target.revision === 'LATEST')
    return {
      type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST',
      percent: target.percent,
      ...tag,
    } as const;
  const { revision, percent } = target;
  return { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision, percent, ...tag } as const;
}

function someFailed(
  failed: readonly { readonly service: string; readonly error: unknown }[],
): Failure {
  const again = failed.every(({ error }) => error instanceof Failure && error.class === 'retry');
  return new Failure({
    code: 'TRAFFIC_NOT_SET',
    what: `Traffic could not be set on ${failed.map(({ service }) => service).join(', ')}`,
    why: failed.map(({ service, error }) => `${service}: ${whyOf(error)}`).join('; '),
    fix: 'The other services have the new split; the rollback sets the recorded one on all.',
    class: again ? 'retry' : 'undo',
    cause: failed[0]?.error,
  });
}

function whyOf(error: unknown): string {
  return error instanceof Failure ? error.why : String(error);
}
