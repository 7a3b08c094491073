import { z } from 'zod';
import type { World } from '../../world.ts';
import { stands } from '../standing-walls.ts';
import { catalogue, onByThemselves } from './catalogue.ts';

/** What Service Usage says: whether the project has switched the API on, or never needed to. */
export function isEnabled(world: World, project: string, api: string): boolean {
  const usual = onByThemselves.has(api) || !stands(world, 'apis');
  return switched(world).get(`${project}/${api}`) ?? usual;
}

/** Whether the API answers: some time after it was switched on, as the profile says. */
export function answersCalls(world: World, project: string, api: string): boolean {
  const from = effective(world).get(`${project}/${api}`) ?? 0;
  return isEnabled(world, project, api) && from <= world.now().getTime();
}

/** Switches an API on or off; on again is no news. */
export function switchApi(world: World, project: string, api: string, on: boolean): void {
  const key = `${project}/${api}`;
  const news = on && !isEnabled(world, project, api);
  const wait = world.profile.get().apiSpreadMs;
  if (news && wait > 0) effective(world).set(key, world.now().getTime() + wait);
  if (!on) effective(world).delete(key);
  switched(world).set(key, on);
}

/** Every API of a project with its state, by name. */
export function apisOf(world: World, project: string): readonly (readonly [string, boolean])[] {
  const own = switched(world)
    .list()
    .filter(([key]) => key.startsWith(`${project}/`))
    .map(([key]) => key.slice(project.length + 1));
  const names = new Set([...Object.keys(catalogue), ...own]);
  return [...names].sort().map((api) => [api, isEnabled(world, project, api)] as const);
}

const switched = (world: World) => world.collection('enabled-services', z.boolean());
const effective = (world: World) => world.collection('services-effective-from', z.number());
