import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Collection, World } from '../world.ts';
import { type Call, type Caller, GoogleError, ok, param, type Reply, type Route } from './http.ts';
import { demand, policyVerbs } from './policies.ts';
import { raiseUsual } from './standing-walls.ts';

const Project = z.object({
  projectId: z.string(),
  projectNumber: z.string(),
  name: z.string(),
  lifecycleState: z.literal('ACTIVE'),
  createTime: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
});
type Project = z.infer<typeof Project>;

const ProjectId = z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);

/** The Resource Manager API, v1: reading projects and their policies. */
export function projectRoutes(world: World): readonly Route[] {
  return [
    ...policyVerbs(world, {
      template: '/v1/{resource=projects/*}',
      permissions: 'resourcemanager.projects',
      exists: (name) => projectNamed(world, name) !== undefined,
    }),
    { method: 'GET', template: '/v1/{name=projects/*}', handle: (call) => get(world, call) },
  ];
}

/** Makes a project unless it is there already; its number is derived from its id. */
export function ensureProject(world: World, id: string): Project {
  const before = projects(world).get(ProjectId.parse(id));
  if (before !== undefined) return before;
  if (projects(world).list().length === 0) raiseUsual(world);
  const digest = createHash('sha256').update(id).digest().readUIntBE(0, 5);
  const project: Project = {
    projectId: id,
    projectNumber: String(100_000_000_000 + (digest % 800_000_000_000)),
    name: id,
    lifecycleState: 'ACTIVE',
    createTime: world.now().toISOString(),
  };
  projects(world).set(id, project);
  return project;
}

/** The project of `projects/<id or number>`; undefined where it does not exist. */
export function projectNamed(world: World, name: string): Project | undefined {
  const id = name.split('/')[1] ?? '';
  const byId = projects(world).get(id);
  if (byId !== undefined || !/^\d+$/.test(id)) return byId;
  return projects(world)
    .list()
    .find(([, { projectNumber }]) => projectNumber === id)?.[1];
}

/** 403 for a project that does not exist, as Google answers, or that the caller may not touch. */
export function demandProject(
  world: World,
  caller: Caller,
  name: string,
  permission: string,
): Project {
  const project = projectNamed(world, name);
  if (project === undefined) {
    throw new GoogleError(
      'PERMISSION_DENIED',
      `Permission '${permission}' denied on resource '//cloudresourcemanager.googleapis.com/${name}' (or it may not exist).`,
    );
  }
  demand(world, caller, permission, `projects/${project.projectId}`);
  return project;
}

function get(world: World, call: Call): Reply {
  const name = param(call, 'name');
  return ok(demandProject(world, call.caller, name, 'resourcemanager.projects.get'));
}

function projects(world: World): Collection<Project> {
  return world.collection('projects', Project);
}
