import { runMigrations } from './alembic.ts';
import type { Login } from './connect.ts';
import { currentRevisions } from './current-revisions.ts';
import { readHistories, revisionsBetween } from './revisions.ts';
import type { Folders, Positions } from './revisions.ts';

/**
 * Brings every schema down to the wanted revision where all revisions in between lose nothing;
 * answers, in words, what stays because it cannot go without a loss.
 */
export async function downgradeTo(
  login: Login,
  folders: Folders,
  wanted: Positions,
): Promise<readonly string[]> {
  const now = await currentRevisions(login, Object.keys(folders));
  const moved = Object.keys(folders).filter(
    (service) => now[service] !== (wanted[service] ?? null),
  );
  if (moved.length === 0) return [];
  const histories = await readHistories(pick(folders, moved));
  const stays: string[] = [];
  const at: Record<string, string | null> = {};
  for (const service of moved) {
    const history = histories[service];
    if (!history) continue;
    const between = revisionsBetween(history, wanted[service] ?? null, now[service] ?? null);
    const lossy = between.filter(({ kind }) => kind !== 'expand');
    if (lossy.length === 0) at[service] = wanted[service] ?? null;
    else
      stays.push(`schema ${service} at ${now[service]}: ${names(lossy)} cannot go without a loss`);
  }
  const down = pick(folders, Object.keys(at));
  if (Object.keys(down).length > 0)
    await runMigrations({ verb: 'downgrade', folders: down, at }, { login });
  return stays;
}

function names(revisions: readonly { readonly revision: string }[]): string {
  return revisions.map(({ revision }) => revision).join(', ');
}

function pick(folders: Folders, services: readonly string[]): Folders {
  return Object.fromEntries(Object.entries(folders).filter(([name]) => services.includes(name)));
}
