import { createHash } from 'node:crypto';
import { condition } from '../conditions.ts';
import type { Message } from '../read-message.ts';
import { type PoolRecord, splitsOf } from './records.ts';

/** A worker pool as the v2 API shows it. */
export function poolBody(pool: PoolRecord): Message {
  const { name, uid, spec, generation, createTime, updateTime, creator, lastModifier } = pool;
  const { latestCreated, latestReady, state } = pool;
  const full = (revision: string): string => `${name}/revisions/${revision}`;
  return {
    ...{ name, uid, generation: String(generation), ...spec },
    ...{ createTime, updateTime, creator, lastModifier },
    observedGeneration: String(generation),
    terminalCondition: condition('Ready', state),
    ...(latestReady && { latestReadyRevision: full(latestReady) }),
    ...(latestCreated && { latestCreatedRevision: full(latestCreated) }),
    instanceSplitStatuses: splitsOf(spec).map(({ revision = latestReady, ...split }) => ({
      ...split,
      ...(revision && { revision }),
    })),
    ...(state.phase === 'pending' && { reconciling: true }),
    etag: poolEtag(pool),
  };
}

/** Changes with every change that a client makes, and with no other. */
export function poolEtag({ uid, generation, updateTime }: PoolRecord): string {
  const digest = createHash('sha256').update(`${uid} ${generation} ${updateTime}`).digest();
  return `"${digest.toString('base64url').slice(0, 20)}"`;
}
