import type { State } from './records.ts';

type Condition = Readonly<Record<string, unknown>>;

const states = {
  pending: 'CONDITION_RECONCILING',
  ready: 'CONDITION_SUCCEEDED',
  failed: 'CONDITION_FAILED',
} as const;

/** A condition of the v2 API; a failure carries its reason and message. */
export function condition(type: string, state: State): Condition {
  const { phase, reason, message, at } = state;
  return {
    type,
    state: states[phase],
    ...(message === undefined ? {} : { message }),
    lastTransitionTime: at,
    ...(phase === 'failed' ? { severity: 'ERROR' } : {}),
    ...reasonField(reason),
  };
}

// Condition.reasons is a oneof: what concerns a revision's health has a field of its own.
function reasonField(reason: string | undefined): Condition {
  if (reason === undefined) return {};
  return reason === 'HEALTH_CHECK_CONTAINER_ERROR' ? { revisionReason: reason } : { reason };
}
