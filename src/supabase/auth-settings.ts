import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

/** Auth settings by the names of the Management API; only those that we own. */
export type Settings = Readonly<Record<string, SettingValue>>;
export type SettingValue = string | number | boolean | null;

/** One field that differs, as it is and as it shall be. */
export interface Change {
  readonly field: string;
  readonly from: SettingValue;
  readonly to: SettingValue;
}

/** The present values of the fields named; every other setting stays unseen. */
export async function readSettings(
  access: SupabaseAccess,
  which: { readonly ref: string; readonly fields: readonly string[] },
  waiting: Waiting = {},
): Promise<Settings> {
  const action = `read the auth settings of ${which.ref}`;
  const call = { action, path: authPath(which.ref), answer: z.record(z.string(), z.unknown()) };
  const all = await callSupabase(access, call, waiting);
  return Object.fromEntries(which.fields.map((field) => [field, valueOf(field, all[field])]));
}

/** What must change for the wanted fields to hold. */
export function settingsDiff(now: Settings, wanted: Settings): readonly Change[] {
  return Object.entries(wanted).flatMap(([field, to]) => {
    const from = now[field] ?? null;
    return from === to ? [] : [{ field, from, to }];
  });
}

/** Patches only what differs and reads it back; with the old values as `wanted` it is the undo. */
export async function applySettings(
  access: SupabaseAccess,
  which: { readonly ref: string; readonly wanted: Settings },
  waiting: Waiting = {},
): Promise<readonly Change[]> {
  const { ref, wanted } = which;
  const fields = Object.keys(wanted);
  const changes = settingsDiff(await readSettings(access, { ref, fields }, waiting), wanted);
  if (changes.length === 0) return [];
  const body = Object.fromEntries(changes.map(({ field, to }) => [field, to]));
  const action = `set ${changes.map(({ field }) => field).join(', ')} of ${ref}`;
  const call = { action, method: 'PATCH', path: authPath(ref), body, answer: z.unknown() } as const;
  await callSupabase(access, call, waiting);
  const left = settingsDiff(await readSettings(access, { ref, fields }, waiting), wanted);
  if (left.length > 0) throw notTaken(ref, left);
  return changes;
}

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

function valueOf(field: string, value: unknown): SettingValue {
  const parsed = Value.safeParse(value ?? null);
  if (parsed.success) return parsed.data;
  throw new Failure({
    code: 'SUPABASE_SETTING_UNREADABLE',
    what: `The auth setting ${field} cannot be read`,
    why: 'Supabase answers it in a form that Windlass does not own.',
    fix: 'Take the field out of `settings` in windlass.yaml.',
  });
}

function authPath(ref: string): string {
  return `/projects/${ref}/config/auth`;
}

function notTaken(ref: string, left: readonly Change[]): Failure {
  const lines = left.map(({ field, from, to }) => `${field} is ${String(from)}, not ${String(to)}`);
  return new Failure({
    code: 'SUPABASE_SETTING_NOT_TAKEN',
    what: `Supabase accepted the auth settings of ${ref} but did not keep them`,
    why: `${lines.join('; ')}.`,
    fix: 'Check that the plan of the project allows these values.',
  });
}
