import type { Config } from '../config/config.ts';
import type { Reach } from './reach.ts';

/** By this header a request that tries a release says which callees have a candidate. */
const candidatesHeader = 'x-windlass-candidates';

/**
 * The reaches with that header, where a service has asked for its callees' candidates: what it passes
 * on makes the whole of a release answer, and not a new caller with old callees.
 */
export function withCandidates(
  { services }: Pick<Config, 'services'>,
  candidates: Readonly<Record<string, string>>,
  reaches: readonly Reach[],
): readonly Reach[] {
  const names = Object.keys(candidates).sort();
  const asked = Object.values(services).some((service) => service.candidates);
  if (!asked || names.length === 0) return reaches;
  const header = { [candidatesHeader]: names.join(',') };
  return reaches.map((reach) => ({ ...reach, headers: { ...reach.headers, ...header } }));
}
