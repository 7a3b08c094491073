import { Failure } from '../failure.ts';
import type { Lease } from './read-lease.ts';

/** Who changes the environment, with what, since when and from where. */
export function holderText({ marker, state }: Pick<Lease, 'marker' | 'state'>): string {
  const { kind, actor, since, lease, step } = marker;
  const holder = lease ?? { kind, actor, since, run: marker.dirty };
  const release = lease?.release === undefined ? '' : ` of ${lease.release}`;
  const host = lease?.host === undefined ? '' : ` from ${lease.host}`;
  const at = step === '' ? 'before its first step' : `at ${step}`;
  const where = state === 'parked' ? `parked ${at}` : at;
  return `${holder.actor} started the ${holder.kind} ${holder.run}${release}${host} at ${holder.since}; it is ${where}`;
}

/** Another run holds the environment. */
export function busy(environment: string, lease: Lease): Failure {
  const parked = lease.state === 'parked';
  return new Failure({
    code: 'ENVIRONMENT_BUSY',
    what: `Another run holds ${environment}`,
    why: holderText(lease),
    fix: parked
      ? `Decide in its own Temporal: \`windlass status -e ${environment}\` shows how. If that is gone for good: \`windlass recover -e ${environment} --reconcile\`.`
      : `Wait until it has ended: \`windlass status -e ${environment}\`. If its machine is gone for good: \`windlass recover -e ${environment} --reconcile\`, which checks that first.`,
  });
}

/** This run may not write any more: another one does, or may. */
export function lost(environment: string, runId: string, lease: Lease | undefined): Failure {
  const why = !lease
    ? 'the lease is gone: another run took it over and ended'
    : lease.state === 'ended'
      ? `the lease was revoked${lease.by === undefined ? '' : ` by ${lease.by}`}`
      : holderText(lease);
  return new Failure({
    code: 'LEASE_LOST',
    what: `The run ${runId} may no longer change ${environment}`,
    why,
    fix: `See where it stands: \`windlass status -e ${environment}\`.`,
  });
}

/** This run could not say for too long that it lives, so another may have taken over. */
export function stale(environment: string, cause?: unknown): Failure {
  return new Failure({
    code: 'LEASE_STALE',
    what: `The lease of ${environment} could not be renewed`,
    why: cause instanceof Error ? cause.message : 'the release bucket did not respond in time',
    fix: 'No action needed: the run continues once the bucket answers, unless another run has taken over.',
    class: 'retry',
    cause,
  });
}
