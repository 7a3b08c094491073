import type { Judgement } from '../migrations/judge.ts';
import type { Login } from './connect.ts';
import { whatIsLost } from './holds-values.ts';

/**
 * Why a schema cannot go down these revisions, newest first, without losing something that was
 * written since; undefined where it can, by their text and by what the tables hold now.
 */
export async function whyStays(
  login: Login,
  path: readonly Pick<Judgement, 'revision' | 'kind' | 'faults' | 'back'>[] | undefined,
): Promise<string | undefined> {
  if (path === undefined) return 'the release does not know this revision';
  for (const { revision, kind, faults, back } of path) {
    const [[loss], [fault]] = [back.loses, faults];
    if (kind !== 'expand' || !back.exists) return `${revision} cannot go without a loss`;
    if (fault !== undefined) return `${revision} cannot go without a loss: it ${fault}`;
    if (loss) return `the downgrade of ${revision} ${loss.why} (${loss.statement})`;
    for (const place of back.drops) {
      const lost = await whatIsLost(login, place);
      if (lost !== undefined) return `${revision} cannot go: ${lost}`;
    }
  }
  return undefined;
}
