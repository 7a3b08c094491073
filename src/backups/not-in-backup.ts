import { withClient } from '../postgres/connect.ts';
import type { LeftOut } from '../postgres/left-out.ts';
import { notCarried } from '../postgres/not-carried.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';

/** What a backup that is made now would not hold, a line each; nothing where there is no database. */
export async function notInBackup(site: Site): Promise<readonly string[]> {
  const login = await databaseOf(site);
  return login ? (await withClient(login, notCarried)).map(leftOutLine) : [];
}

/** What does not come back, and why, as a line. */
export function leftOutLine({ what, why }: LeftOut): string {
  return `${what}: ${why}`;
}
