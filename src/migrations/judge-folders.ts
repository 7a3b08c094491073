import type { MigrationsProcess } from '../postgres/migrations-process.ts';
import type { Folders } from '../postgres/revisions.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import { reviewRevisions } from './review.ts';

/** Every revision of these folders, held against its operations. */
export async function judgeFolders(
  folders: Folders,
  program?: MigrationsProcess,
): Promise<Readonly<Record<string, readonly Judgement[]>>> {
  const judged: [string, readonly Judgement[]][] = [];
  for (const [service, found] of Object.entries(await reviewRevisions(folders, program)))
    judged.push([service, await Promise.all(found.map(judge))]);
  return Object.fromEntries(judged);
}
