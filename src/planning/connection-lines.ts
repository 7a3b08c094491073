import type { ConnectionLimit } from './connection-limit.ts';
import type { Connections, RevisionConnections, ServiceConnections } from './count-connections.ts';

/** Why the services may open more connections than there are, and what to do; none where all fit. */
export function connectionLines(counted: Connections): readonly string[] {
  const { services, steady, sum, limit, over } = counted;
  if (!over) return [];
  return [
    ...services.map(serviceLine),
    `sum: ${sum} during a deploy, ${steady} after it; ${limitText(limit)}`,
    'counted: `max` instances × `pool`, of the new revision and of the one before it, which run side by side',
    `fix: ${fixText(counted)}`,
  ];
}

/** The limit, and what it is made of. */
export function limitText({ max, reserved, platform, usable, assumed }: ConnectionLimit): string {
  const of = `max_connections ${max}`;
  const from = assumed
    ? `assumed, for there is no project to ask yet: ${of} of Supabase’s Micro compute`
    : of;
  return `limit: ${usable} (${from}, less ${reserved} reserved and ${platform} for the platform)`;
}

/** Instances × connections, as in `4 × 5`. */
export function revisionText({ instances, pool }: RevisionConnections): string {
  return `${instances} × ${pool}`;
}

function serviceLine({ service, now, beside, sum }: ServiceConnections): string {
  const parts = [...(now ? [now] : []), beside].map(revisionText).join(' + ');
  return `${service}: ${parts} = ${sum}${now ? '' : ' (the revision before)'}`;
}

// Where what stays would fit twice, only what is in force is too much, and that passes.
function fixText({ steady, limit: { usable } }: Connections): string {
  if (2 * steady <= usable)
    return 'deploy while few instances run; once the revisions before are gone, all of it fits';
  return `lower \`max\` or \`pool\` of these services until the sum is at most ${usable}, or give the project a larger compute`;
}
