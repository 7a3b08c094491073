import { allWalls } from '../../google/standing-walls.ts';
import type { Hono } from 'hono';
import { z } from 'zod';
import { createProject, pauseProject, removeProject, restoreProject } from '../life.ts';
import { directHost } from '../database-doors/direct-host.ts';
import { newRecord } from '../new-record.ts';
import type { ProjectRecord } from '../record.ts';
import { change, type Room } from '../room.ts';
import { ApiError } from './api-error.ts';
import { health } from './health.ts';
import { availableRegions, regions, smartRegions } from './regions.ts';
import { bodyOf, type Env, projectOf } from './session.ts';

const RegionSelection = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('specific'), code: z.enum(regions) }),
  z.strictObject({ type: z.literal('smartGroup'), code: z.enum(['americas', 'emea', 'apac']) }),
]);

const NewProject = z.strictObject({
  name: z.string().min(1).max(256),
  db_pass: z.string().min(1),
  organization_slug: z.string(),
  organization_id: z.string().optional(),
  region: z.enum(regions).optional(),
  region_selection: RegionSelection.optional(),
  desired_instance_size: z.string().optional(),
  plan: z.enum(['free', 'pro']).optional(),
  kps_enabled: z.boolean().optional(),
  template_url: z.url().optional(),
});
type NewProject = z.infer<typeof NewProject>;

/** `/v1/projects` and what belongs to one project as a whole. */
export function projectRoutes(app: Hono<Env>, room: Room): void {
  app.get('/v1/projects', (call) => {
    const open = call.get('organizations');
    const records = room.projects.list().map(([, record]) => record);
    return call.json(
      records
        .filter(({ organization }) => open.includes(organization))
        .map((record) => shown(room, record)),
    );
  });
  app.post('/v1/projects', async (call) => {
    const wanted = await bodyOf(call, NewProject);
    const organization = wanted.organization_slug;
    if (!call.get('organizations').includes(organization))
      throw new ApiError(403, 'You do not have access to this organization');
    const made = newRecord({ ...wanted, organization, region: region(wanted) }, room.world.now());
    const record = { ...made, apart: !isOlder(room) };
    await createProject(room, record);
    return call.json(summary(record), 201);
  });
  oneProjectRoutes(app, room);
  lifeRoutes(app, room);
}

/** A world with projects of an older sandbox goes on as that made it: each Postgres is at hand. */
function isOlder({ projects, world }: Room): boolean {
  const older = projects.list().some(([, { apart }]) => apart === undefined);
  return older && allWalls(world)['ipv6'] === undefined;
}

function oneProjectRoutes(app: Hono<Env>, room: Room): void {
  app.get('/v1/projects/available-regions', (call) => call.json(availableRegions()));
  app.get('/v1/projects/:ref', (call) => call.json(shown(room, projectOf(room, call))));
  app.patch('/v1/projects/:ref', async (call) => {
    const { ref } = projectOf(room, call);
    const fields = await bodyOf(call, z.strictObject({ name: z.string().min(1).max(256) }));
    return call.json(named(change(room, ref, fields)));
  });
  app.delete('/v1/projects/:ref', async (call) => {
    const record = projectOf(room, call);
    await removeProject(room, record.ref);
    return call.json(named(record));
  });
  app.get('/v1/projects/:ref/health', async (call) => {
    const wanted = call.req.queries('services') ?? [];
    return call.json(await health(room, projectOf(room, call), wanted));
  });
}

function lifeRoutes(app: Hono<Env>, room: Room): void {
  app.post('/v1/projects/:ref/pause', (call) => {
    const record = projectOf(room, call);
    if (record.status !== 'ACTIVE_HEALTHY') throw new ApiError(400, 'Project is not active');
    pauseProject(room, record.ref);
    return call.body(null, 200);
  });
  app.get('/v1/projects/:ref/restore', (call) => {
    projectOf(room, call);
    const version = { version: '17.6.1', release_channel: 'ga', postgres_engine: '17' };
    return call.json({ available_versions: [version] });
  });
  app.post('/v1/projects/:ref/restore', (call) => {
    const record = projectOf(room, call);
    if (record.status !== 'INACTIVE') throw new ApiError(400, 'Project is not paused');
    restoreProject(room, record.ref);
    return call.body(null, 200);
  });
}

function region(wanted: NewProject): string {
  const { region_selection: selection } = wanted;
  if (selection?.type === 'specific') return selection.code;
  return wanted.region ?? smartRegions[selection?.code ?? 'americas'];
}

function summary(record: ProjectRecord): Record<string, unknown> {
  const { ref, name, organization, region, status, createdAt } = record;
  const organizationFields = { organization_id: organization, organization_slug: organization };
  return { id: ref, ref, ...organizationFields, name, region, created_at: createdAt, status };
}

// The port is in `config/database/pooler`, as the API has no field for it here.
function shown(room: Room, record: ProjectRecord): Record<string, unknown> {
  const version = { version: '17.10', postgres_engine: '17', release_channel: 'ga' };
  return { ...summary(record), database: { host: directHost(room, record).host, ...version } };
}

function named({ number, ref, name }: ProjectRecord): Record<string, unknown> {
  return { id: number, ref, name };
}
