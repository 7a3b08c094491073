import { z } from 'zod';
import type { StackName } from '../../src/deploy.ts';
import { deleteService } from '../../src/gcp/delete-service.ts';
import { listGenerations } from '../../src/gcp/generations.ts';
import { removeObject, replaceObject } from '../../src/gcp/object-changes.ts';
import { readObject, statObject } from '../../src/gcp/objects.ts';
import type { Site } from '../../src/site.ts';
import { stateObject } from '../../src/state/state-object.ts';
import { callSupabase } from '../../src/supabase/client.ts';
import { runSql } from '../../src/supabase/database.ts';
import { findProject } from '../../src/supabase/project.ts';

/** Deletes the Supabase project with everything in it. */
export async function loseSupabase(site: Site): Promise<void> {
  const path = `/projects/${await refOf(site)}`;
  const call = {
    action: 'delete the project',
    method: 'DELETE',
    path,
    answer: z.unknown(),
  } as const;
  await callSupabase(site.supabase, call);
}

/** Deletes a service as somebody in the console would. */
export async function loseService(site: Site, name: string): Promise<void> {
  await deleteService(site.google, name);
}

/** Deletes a stack's state. */
export async function loseState(site: Site, stack: StackName): Promise<void> {
  await removeObject(site.google, await stateObject(site, stack));
}

/** Overwrites a stack's state with what is no state. */
export async function corruptState(site: Site, stack: StackName): Promise<void> {
  const ref = await stateObject(site, stack);
  const generation = (await statObject(site.google, ref))?.generation ?? '0';
  await replaceObject(site.google, { ...ref, generation }, Buffer.from('{"version": 4, "ser'));
}

/** Puts the oldest generation of a stack's state back, as somebody with a good will would. */
export async function restoreOldest(site: Site, stack: StackName): Promise<void> {
  const ref = await stateObject(site, stack);
  const all = await listGenerations(site.google, ref);
  const [live, oldest] = [all[0], all.at(-1)];
  if (!live || !oldest || live === oldest) throw new Error(`${stack} has no older state`);
  const { generation } = live;
  const content = await readObject(site.google, { ...ref, generation: oldest.generation });
  await replaceObject(site.google, { ...ref, generation }, content ?? Buffer.from(''));
}

/** The id of the user that `addUser` makes. */
export const addedUser = '11111111-1111-4111-8111-111111111111';

/** Signs kept@example.com up, whom a recovery must bring back. */
export async function addUser(site: Site): Promise<void> {
  await sql(site, `insert into auth.users (id, email) values ('${addedUser}', 'kept@example.com')`);
}

/** Runs SQL in the environment's database as its owner would in the dashboard. */
export async function sql(site: Site, query: string) {
  return runSql(site.supabase, { ref: await refOf(site), query });
}

/** The ref of the environment’s Supabase project. */
export async function refOf(site: Site): Promise<string> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project) throw new Error(`there is no project ${name}`);
  return project.ref;
}
