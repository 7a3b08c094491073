import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

/** The database schemas that the project's REST door exposes. */
export async function readApiSchemas(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<readonly string[]> {
  const action = `read the REST settings of ${ref}`;
  const call = { action, path: `/projects/${ref}/postgrest`, answer: Postgrest };
  const { db_schema: schemas } = await callSupabase(access, call, waiting);
  return schemas.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
}

/** Exposes exactly these schemas and reads them back; no call where it is so. Also the undo. */
export async function setApiSchemas(
  access: SupabaseAccess,
  which: { readonly ref: string; readonly schemas: readonly string[] },
  waiting: Waiting = {},
): Promise<{ readonly changed: boolean }> {
  const now = await readApiSchemas(access, which.ref, waiting);
  const wanted = which.schemas.join(',');
  if (now.join(',') === wanted) return { changed: false };
  const action = `expose the schemas ${wanted} of ${which.ref}`;
  const path = `/projects/${which.ref}/postgrest`;
  const body = { db_schema: wanted };
  const call = { action, method: 'PATCH', path, body, answer: z.unknown() } as const;
  await callSupabase(access, call, waiting);
  const kept = await readApiSchemas(access, which.ref, waiting);
  if (kept.join(',') === wanted) return { changed: true };
  throw new Failure({
    code: 'SUPABASE_SETTING_NOT_TAKEN',
    what: `Supabase accepted the exposed schemas of ${which.ref} but did not keep them`,
    why: `It exposes ${kept.join(', ')}.`,
    fix: 'Check the Data API settings in the dashboard, then deploy again.',
  });
}

const Postgrest = z.object({ db_schema: z.string() });
