import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { ownValue } from '../own-value.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';
import { readProject } from './project.ts';
import type { Project } from './project.ts';

/** How to wait; pauses grow from a quarter second to `everyMs`, by default 5 s. */
export interface Polling extends Waiting {
  readonly everyMs?: number;
  readonly onStatus?: (status: string) => void;
}

/** Waits until the project is ACTIVE_HEALTHY and its database, Auth and REST say so themselves. */
export async function waitUntilReady(
  access: SupabaseAccess,
  ref: string,
  polling: Polling = {},
): Promise<Project> {
  for (let pause = 250; ; pause = Math.min(pause * 1.25, polling.everyMs ?? 5000)) {
    const project = await readProject(access, ref, polling);
    const waitsFor = standsFor(project) ?? (await unhealthy(access, ref, polling));
    if (waitsFor === undefined) return project;
    polling.onStatus?.(waitsFor);
    const signal = polling.signal ? { signal: polling.signal } : {};
    await sleep(Math.min(pause, polling.everyMs ?? pause), undefined, signal);
  }
}

/** Statuses that no waiting mends, with the way out of each. */
const hopeless: Readonly<Record<string, string>> = {
  INACTIVE: 'The project is paused: restore it in the Supabase dashboard, then deploy again.',
  PAUSING: 'The project is being paused: restore it in the dashboard, then deploy again.',
  PAUSE_FAILED: 'Open a ticket with Supabase support; the project cannot be used.',
  GOING_DOWN: 'The project is being removed: wait until it is gone, then deploy again.',
  REMOVED: 'The project was removed: deploy again to create it, or recover from a backup.',
  INIT_FAILED: 'Remove the project in the dashboard, then deploy again.',
  RESTORE_FAILED: 'Restore another backup in the dashboard, or recover into a new project.',
};

/** The way out for a project whose status no waiting mends; undefined for any other. */
export function wayOutOf({ status }: Pick<Project, 'status'>): string | undefined {
  return ownValue(hopeless, status);
}

function standsFor(project: Project): string | undefined {
  refuseUnusable(project);
  return project.status === 'ACTIVE_HEALTHY' ? undefined : project.status;
}

/** A Failure with the way out for a project that is paused, going or broken. */
export function refuseUnusable(project: Project): void {
  const { ref, name, status } = project;
  const fix = wayOutOf(project);
  if (fix === undefined) return;
  throw new Failure({
    code: 'SUPABASE_PROJECT_UNUSABLE',
    what: `The Supabase project ${name} (${ref}) cannot be used`,
    why: `Its status is ${status}, which waiting does not change.`,
    fix,
  });
}

const Health = z.array(z.object({ name: z.string(), status: z.string() }));

/** ACTIVE_HEALTHY comes before the parts answer, so each is asked; names those still coming up. */
async function unhealthy(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting,
): Promise<string | undefined> {
  const path = `/projects/${ref}/health?services=db&services=auth&services=rest`;
  const call = { action: `ask for the health of ${ref}`, path, answer: Health };
  const parts = await callSupabase(access, call, waiting);
  const rest = parts.filter(({ status }) => status !== 'ACTIVE_HEALTHY');
  if (rest.length > 0) return rest.map(({ name, status }) => `${name} ${status}`).join(', ');
  return parts.length > 0 ? undefined : 'no health yet';
}
