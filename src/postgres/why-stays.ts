import type { Judgement } from '../migrations/judge.ts';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { firstHeld, questionsAbout } from './holds-values.ts';
import type { Question } from './holds-values.ts';

/** By revision: what its downgrade asks once more, when nobody can write there any longer. */
export type Guards = Readonly<Record<string, readonly Question[]>>;

/**
 * Why a schema cannot go down these revisions, newest first, without losing something that was
 * written since, by their text and by what the tables hold now; else what has to be asked again.
 */
export async function whyStays(
  login: Login,
  path: readonly Pick<Judgement, 'revision' | 'kind' | 'faults' | 'back'>[] | undefined,
): Promise<{ readonly why: string } | { readonly guards: Guards }> {
  if (path === undefined) return { why: 'the release does not have this revision' };
  const guards: Record<string, readonly Question[]> = {};
  for (const one of path) {
    const why = byItsText(one);
    if (why !== undefined) return { why };
    const found = await askNow(login, one);
    if (typeof found === 'string') return { why: `${one.revision} cannot be downgraded: ${found}` };
    guards[one.revision] = found;
  }
  return { guards };
}

function byItsText({
  revision,
  kind,
  faults,
  back,
}: Pick<Judgement, 'revision' | 'kind' | 'faults' | 'back'>): string | undefined {
  const [[loss], [fault]] = [back.loses, faults];
  if (kind !== 'expand' || !back.exists)
    return `${revision} cannot be downgraded without data loss`;
  if (fault !== undefined) return `${revision} cannot be downgraded without data loss: it ${fault}`;
  return loss && `the downgrade of ${revision} ${loss.why} (${loss.statement})`;
}

/** Everything that it would take away, asked now; in words what holds something. */
async function askNow(
  login: Login,
  { back }: Pick<Judgement, 'back'>,
): Promise<readonly Question[] | string> {
  return withClient(login, async (client) => {
    // An error is better than rows that a policy hides; names are written out with their schemas.
    await client.query(`set row_security = off; set search_path = ''`);
    const all: Question[] = [];
    for (const place of back.drops) {
      const found = await questionsAbout(client, place);
      if (typeof found === 'string') return found;
      all.push(...found);
    }
    return (await firstHeld(client, all)) ?? all;
  });
}
