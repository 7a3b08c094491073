import type { Hono } from 'hono';
import { z } from 'zod';
import { directHost } from '../database-doors/direct-host.ts';
import { ensureOrganization } from '../organizations.ts';
import { mailControl } from './mail-control.ts';
import type { Room } from '../room.ts';
import { ApiError } from './api-error.ts';
import type { Env } from './session.ts';

const Slug = z.string().regex(/^[\w-]+$/);

/** What only the sandbox knows: local addresses, tokens of single organizations. */
export function controlRoutes(app: Hono<Env>, room: Room): void {
  app.get('/_sandbox/health', (call) => call.json({ status: 'ok' }));
  app.get('/_sandbox/projects/:ref', (call) => {
    const record = room.projects.get(call.req.param('ref'));
    if (record === undefined) throw new ApiError(404, 'Project not found');
    const { ref } = record;
    const url = room.doors.get(ref)?.url;
    return call.json({ ref, url, db: directHost(room, record) });
  });
  app.get('/_sandbox/organizations', (call) => {
    const open = call.get('organizations');
    const all = room.organizations.list().map(([, organization]) => organization);
    return call.json(all.filter((organization) => open.includes(organization.slug)));
  });
  app.put('/_sandbox/organizations/:slug', (call) => {
    const slug = Slug.safeParse(call.req.param('slug'));
    if (!slug.success) throw new ApiError(400, 'That is no slug of an organization');
    return call.json(ensureOrganization(room, slug.data));
  });
  mailControl(app, room);
}
