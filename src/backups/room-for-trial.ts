import { Failure } from '../failure.ts';
import { withClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import type { LeftOut } from '../postgres/left-out.ts';
import type { Site } from '../site.ts';
import { freeDisk } from '../supabase/disk.ts';
import { findProject } from '../supabase/project.ts';

// The copy, its indexes while they are built, and the log that is written meanwhile.
const share = 1.3;

/**
 * Refuses a trial restore that the database's disk has no room for: a full disk turns production
 * read-only. Where nobody tells how much is free, the answer says so.
 */
export async function requireRoom(site: Site, login: Login): Promise<readonly LeftOut[]> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  const free = project && (await freeDisk(site.supabase, project.ref));
  const why =
    'Supabase does not report it: the trial restore needs 1.3 times the size of the database';
  if (free === undefined) return [{ what: 'check of the free disk space', why }];
  const { rows } = await withClient(login, (client) =>
    client.query<{ size: string }>('select pg_database_size(current_database()) as size'),
  );
  const wanted = Math.ceil(Number(rows[0]?.size) * share);
  if (wanted > free) throw tooFull(site, { wanted, free });
  return [];
}

function tooFull(site: Site, { wanted, free }: { readonly wanted: number; readonly free: number }) {
  return new Failure({
    code: 'DISK_TOO_FULL',
    what: `The database of ${site.name} has not enough disk space for a trial restore of its backup`,
    why: `the copy needs about ${mebibytes(wanted)}, ${mebibytes(free)} are free`,
    fix: 'Increase the disk size (Supabase dashboard, Database settings), then run the command again.',
  });
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
}
