import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { checksOf } from './checks.ts';
import { examine } from './examine.ts';

/**
 * Before the first run of an environment makes anything: refuses what the clouds would refuse in the
 * middle of it. What cannot be asked is left to the run, which names it more exactly.
 */
export async function refuseUnready(site: Site): Promise<void> {
  const checks = checksOf(site).filter(({ id }) => early.has(id));
  const missing = (await examine(checks)).filter(
    ({ state, unanswered }) => state === 'missing' && !unanswered,
  );
  if (missing.length === 0) return;
  throw new Failure({
    code: 'ENVIRONMENT_NOT_READY',
    what: `${site.name} cannot be deployed yet`,
    why: missing.map(({ id, says }) => `${id}: ${says}`).join('; '),
    fix: `${missing.map(({ fix }) => fix).join(' ')} \`windlass doctor -e ${site.name}\` shows all checks.`,
  });
}

/** What no other refusal before the first change sees. */
const early = new Set(['clock', 'google apis', 'google roles', 'supabase project', 'database']);
