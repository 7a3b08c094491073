import { withClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import type { LeftOut } from '../postgres/left-out.ts';
import { authVersionOf } from '../postgres/picture.ts';

/** The newest migration of a project's schema `auth`; null where it does not say. */
export async function authVersion(login: Login): Promise<string | null> {
  return withClient(login, authVersionOf);
}

/** What it means when a backup's schema `auth` is of another version than the project's. */
export function versionsApart(
  backedUp: string | null | undefined,
  now: string | null,
): readonly LeftOut[] {
  if (!backedUp || !now || backedUp === now) return [];
  const why =
    backedUp > now
      ? 'columns and tables that only the newer version has stay behind, and are named'
      : 'columns that came since then get their defaults';
  return [{ what: `schema auth ${backedUp} as it was: the project has ${now}`, why }];
}
