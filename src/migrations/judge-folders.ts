import type { Folders } from '../postgres/revisions.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import { reviewRevisions } from './review.ts';

/** Every revision of these folders, held against its operations. */
export async function judgeFolders(
  folders: Folders,
): Promise<Readonly<Record<string, readonly Judgement[]>>> {
  const judged: [string, readonly Judgement[]][] = [];
  for (const [service, found] of Object.entries(await reviewRevisions(folders)))
    judged.push([service, await Promise.all(found.map(judge))]);
  return Object.fromEntries(judged);
}
