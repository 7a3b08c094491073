import type { Folders } from '../postgres/revisions.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import { reviewRevisions } from './review.ts';

/** Every revision of these folders, held against its operations. */
export async function judgeFolders(
  folders: Folders,
): Promise<Readonly<Record<string, readonly Judgement[]>>> {
  const reviews = await reviewRevisions(folders);
  return Object.fromEntries(
    Object.entries(reviews).map(([service, found]) => [service, found.map(judge)]),
  );
}
