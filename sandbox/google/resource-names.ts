import { z } from 'zod';
import type { World } from '../world.ts';

const Owned = z.looseObject({ project: z.string() });

/** A resource and what it inherits policies from, nearest first: itself, then its project. */
export function ancestry(world: World, resource: string): readonly string[] {
  const project = projectOf(world, resource);
  if (project === undefined || resource === `projects/${project}`) return [resource];
  return [resource, `projects/${project}`];
}

/** The project id inside a relative name; a bucket's is looked up. */
export function projectOf(world: World, resource: string): string | undefined {
  const [kind, project, , bucket] = resource.split('/');
  if (kind !== 'projects') return undefined;
  if (project !== '_') return project;
  return world.collection('buckets', Owned).get(bucket ?? '')?.project;
}

/** The name under which a bucket's policy is kept. */
export function bucketResource(bucket: string): string {
  return `projects/_/buckets/${bucket}`;
}

/** The relative name of a service account, wherever its e-mail says that it lives. */
export function accountResource(email: string): string {
  const project = /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1] ?? '-';
  return `projects/${project}/serviceAccounts/${email}`;
}
