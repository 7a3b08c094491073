import type { Hono } from 'hono';
import { z } from 'zod';
import type { Room } from '../room.ts';
import { ApiError } from './api-error.ts';
import { bodyOf, type Env } from './session.ts';

const Account = z.strictObject({ user: z.string().min(1), pass: z.string() });
const Members = z.strictObject({ members: z.email().array() });

/** What the sandbox's mail server caught, whom it admits, and who belongs to an organization. */
export function mailControl(app: Hono<Env>, room: Room): void {
  const path = '/_sandbox/mails';
  app.get(path, (call) => {
    const to = call.req.query('to')?.toLowerCase();
    const mails = room.mail.mails().filter((mail) => to === undefined || mail.to.includes(to));
    return call.json({ port: room.mail.port(), mails });
  });
  app.delete(path, (call) => {
    room.mail.forget();
    return call.body(null, 204);
  });
  app.put(`${path}/account`, async (call) => {
    room.mail.admit(await bodyOf(call, Account));
    return call.body(null, 204);
  });
  app.delete(`${path}/account`, (call) => {
    room.mail.admit(undefined);
    return call.body(null, 204);
  });
  app.put('/_sandbox/organizations/:slug/members', async (call) => {
    const { members } = await bodyOf(call, Members);
    const known = room.organizations.get(call.req.param('slug'));
    if (known === undefined) throw new ApiError(404, 'Organization not found');
    room.organizations.set(known.slug, { ...known, members });
    return call.body(null, 204);
  });
}
