import type { Hono } from 'hono';
import { z } from 'zod';
import { bodyOf, type Env, type Face, requireAdmin } from './face.ts';
import { hashPassword, requireStrong } from './passwords.ts';
import { shownUser } from './shown-user.ts';
import { requireEmail } from './signup-routes.ts';
import { getUser, insertUser, updateUser, User, type UserChange } from './users.ts';

const Meta = z.record(z.string(), z.unknown());
const AdminUser = z.object({
  id: z.uuid().optional(),
  email: z.string().optional(),
  password: z.string().optional(),
  email_confirm: z.boolean().optional(),
  role: z.string().optional(),
  user_metadata: Meta.optional(),
  app_metadata: Meta.optional(),
  ban_duration: z.string().optional(),
});
type AdminUser = z.infer<typeof AdminUser>;

/** `/admin/users`: for the service role only. */
export function adminRoutes(app: Hono<Env>): void {
  app.use('/admin/*', async (call, next) => {
    requireAdmin(call);
    await next();
  });
  app.get('/admin/users', async (call) => {
    const { page, perPage } = paging(call.req.query());
    const { pool } = call.get('face');
    const text =
      'select *, count(*) over () as total from users order by created_at limit $1 offset $2';
    const { rows } = await pool.query(text, [perPage, (page - 1) * perPage]);
    call.header('x-total-count', String(rows[0]?.total ?? 0));
    return call.json({ users: User.array().parse(rows).map(shownUser), aud: 'authenticated' });
  });
  app.post('/admin/users', async (call) => {
    const face = call.get('face');
    const wanted = await bodyOf(call, AdminUser);
    requireEmail(wanted.email ?? '');
    const providers = { provider: 'email', providers: ['email'] };
    const app_metadata = { ...providers, ...wanted.app_metadata };
    const user = await insertUser(face.pool, await columns({ ...wanted, app_metadata }, face));
    return call.json(shownUser(user));
  });
  oneUserRoutes(app);
}

function oneUserRoutes(app: Hono<Env>): void {
  app.get('/admin/users/:id', async (call) => {
    return call.json(shownUser(await getUser(call.get('face').pool, call.req.param('id'))));
  });
  app.put('/admin/users/:id', async (call) => {
    const face = call.get('face');
    const user = await getUser(face.pool, call.req.param('id'));
    const { app_metadata, user_metadata, ...wanted } = await bodyOf(call, AdminUser);
    const merged = {
      ...wanted,
      app_metadata: { ...user.raw_app_meta_data, ...app_metadata },
      user_metadata: { ...user.raw_user_meta_data, ...user_metadata },
    };
    const changed = await updateUser(face.pool, user.id, await columns(merged, face));
    return call.json(shownUser(changed));
  });
  app.delete('/admin/users/:id', async (call) => {
    const { pool } = call.get('face');
    const user = await getUser(pool, call.req.param('id'));
    await pool.query('delete from users where id = $1', [user.id]);
    return call.json({});
  });
}

async function columns(wanted: AdminUser, face: Face): Promise<UserChange> {
  const { id, email, password, email_confirm, role, user_metadata, app_metadata } = wanted;
  if (password !== undefined) requireStrong(password, face.settings);
  return {
    ...(id === undefined ? {} : { id }),
    ...(email === undefined ? {} : { email: email.toLowerCase() }),
    ...(password === undefined ? {} : { encrypted_password: await hashPassword(password) }),
    ...(email_confirm === true ? { email_confirmed_at: face.now } : {}),
    ...(role === undefined ? {} : { role }),
    ...(user_metadata === undefined ? {} : { raw_user_meta_data: user_metadata }),
    ...(app_metadata === undefined ? {} : { raw_app_meta_data: app_metadata }),
    ...ban(wanted.ban_duration, face.now),
  };
}

// Go's duration in whole hours, such as "24h", is what the dashboard sends.
function ban(duration: string | undefined, now: Date): UserChange {
  if (duration === undefined) return {};
  const hours = Number(/^(\d+)h/.exec(duration)?.[1] ?? 0);
  return { banned_until: hours === 0 ? null : new Date(now.getTime() + hours * 3_600_000) };
}

function paging(query: Readonly<Record<string, string>>): { page: number; perPage: number } {
  const whole = (text: string | undefined, fallback: number): number => {
    const value = Number(text);
    return Number.isInteger(value) && value > 0 ? value : fallback;
  };
  return { page: whole(query['page'], 1), perPage: Math.min(whole(query['per_page'], 50), 1000) };
}
