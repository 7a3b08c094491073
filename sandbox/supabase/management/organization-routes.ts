import type { Hono } from 'hono';
import { z } from 'zod';
import { addOrganization, membersOf } from '../organizations.ts';
import type { Organization } from '../record.ts';
import type { Room } from '../room.ts';
import { ApiError } from './api-error.ts';
import { bodyOf, type Env } from './session.ts';

const NewOrganization = z.strictObject({ name: z.string().min(1).max(256) });

/** `/v1/organizations`. */
export function organizationRoutes(app: Hono<Env>, room: Room): void {
  app.get('/v1/organizations', (call) => {
    const open = call.get('organizations');
    const all = room.organizations.list().map(([, organization]) => organization);
    return call.json(all.filter(({ slug }) => open.includes(slug)).map(shown));
  });
  app.get('/v1/organizations/:slug/members', (call) => {
    const slug = call.req.param('slug');
    if (!call.get('organizations').includes(slug))
      throw new ApiError(404, 'Organization not found');
    const people = membersOf(room, slug).map((email) => {
      return { user_id: email, user_name: email, email, role_name: 'Owner', mfa_enabled: false };
    });
    return call.json(people);
  });
  app.post('/v1/organizations', async (call) => {
    const { name } = await bodyOf(call, NewOrganization);
    return call.json(shown(addOrganization(room, freeSlug(room, name), name)), 201);
  });
}

function shown({ slug, name }: Organization): Record<string, string> {
  return { id: slug, slug, name };
}

function freeSlug(room: Room, name: string): string {
  const base = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') || 'organization';
  let slug = base;
  for (let number = 2; room.organizations.get(slug) !== undefined; number += 1)
    slug = `${base}-${number}`;
  return slug;
}
