import type { Connections } from './count-connections.ts';

/**
 * Which services may want more sessions at once than the pooler has for their login, a line each. Both
 * revisions of a deploy log in as the same role.
 */
export function poolLines({ services }: Connections, size: number): readonly string[] {
  const over = services.filter(({ sum }) => sum > size);
  if (over.length === 0) return [];
  return [
    `the pooler has ${size} sessions for each login; during a deploy ${over
      .map(({ service, sum }) => `${service} may want ${sum}`)
      .join(', ')}`,
    'beyond that it refuses (EMAXCONNSESSION): lower `max` or `pool`, or raise the pool size in the Supabase dashboard',
  ];
}
