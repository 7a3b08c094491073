import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { examine } from './examine.ts';
import type { Check } from './examine.ts';

/** ENVIRONMENT_NOT_READY with all that these checks find missing, and how to mend it. */
export async function refuseMissing(site: Site, checks: readonly Check[]): Promise<void> {
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
