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
      ? `Settle it from its own Temporal: \`windlass status -e ${environment}\` there shows how. Where that is gone for good: \`windlass recover -e ${environment} --reconcile\`.`
      : `Wait until it has ended: \`windlass status -e ${environment}\`. Should its machine be gone for good: \`windlass recover -e ${environment} --reconcile\`, which proves that first.`,
  });
}

/** This run may not write any more: another one does, or may. */
export function lost(environment: string, runId: string, lease: Lease | undefined): Failure {
  const why = !lease
    ? 'the lease is gone: another run took it over and ended'
    : lease.state === 'ended'
      ? `the lease was ended${lease.by === undefined ? '' : ` by ${lease.by}`}`
      : holderText(lease);
  return new Failure({
    code: 'LEASE_LOST',
    what: `The run ${runId} may not change ${environment} any more`,
    why,
    fix: `See where it stands: \`windlass status -e ${environment}\`.`,
  });
}

/** This run could not say for too long that it lives, so another may have taken over. */
export function stale(environment: string, cause?: unknown): Failure {
  return new Failure({
    code: 'LEASE_STALE',
    what: `The lease of ${environment} could not be renewed`,
    why: cause instanceof Error ? cause.message : 'the release bucket did not answer in time',
    fix: 'Nothing to mend: what was interrupted goes on once the bucket answers, if no other run took over.',
    class: 'retry',
    cause,
  });
}
