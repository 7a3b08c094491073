import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Site } from '../../src/site.ts';
import { callSupabase } from '../../src/supabase/client.ts';
import { readProject } from '../../src/supabase/project.ts';
import { refOf } from './losses.ts';

/** As the dashboard's button does: every connection ends, and none is taken for a while. */
export async function restartDatabase(site: Site): Promise<void> {
  const path = `/projects/${await refOf(site)}/config/database/postgres`;
  const body = { restart_database: true };
  const call = { action: 'restart', method: 'PUT', path, body, answer: z.unknown() } as const;
  await callSupabase(site.supabase, call);
}

/** Pauses the project in the dashboard, or restores it; comes back when it stands so. */
export async function turnProject(site: Site, verb: 'pause' | 'restore'): Promise<void> {
  const { supabase } = site;
  const ref = await refOf(site);
  const path = `/projects/${ref}/${verb}`;
  await callSupabase(supabase, { action: verb, method: 'POST', path, answer: z.unknown() });
  const status = verb === 'pause' ? 'INACTIVE' : 'ACTIVE_HEALTHY';
  while ((await readProject(supabase, ref)).status !== status) await pause(100);
}
