import type { Hono } from 'hono';
import { z } from 'zod';
import { addOrganization } from '../organizations.ts';
import type { Room } from '../room.ts';
import { ApiError } from './api-error.ts';
import { bodyOf, type Env } from './session.ts';

const slug = z.string().regex(/^[\w-]+$/);
const NewOrganization = z.strictObject({ slug, name: z.string().optional() });

/** What only the sandbox knows: local addresses, tokens of single organizations. */
export function controlRoutes(app: Hono<Env>, room: Room): void {
  app.get('/_sandbox/health', (call) => call.json({ status: 'ok' }));
  app.get('/_sandbox/projects/:ref', (call) => {
    const record = room.projects.get(call.req.param('ref'));
    if (record === undefined) throw new ApiError(404, 'Project not found');
    const { ref, ports } = record;
    const url = room.doors.get(ref)?.url;
    return call.json({ ref, url, db: { host: '127.0.0.1', port: ports.database } });
  });
  app.get('/_sandbox/organizations', (call) => {
    const open = call.get('organizations');
    const all = room.organizations.list().map(([, organization]) => organization);
    return call.json(all.filter((organization) => open.includes(organization.slug)));
  });
  app.post('/_sandbox/organizations', async (call) => {
    const { slug, name = slug } = await bodyOf(call, NewOrganization);
    return call.json(addOrganization(room, slug, name), 201);
  });
}
