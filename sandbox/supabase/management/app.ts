import { Hono } from 'hono';
import { organizationsOf } from '../organizations.ts';
import type { Room } from '../room.ts';
import { addonRoutes } from './addon-routes.ts';
import { ApiError } from './api-error.ts';
import { configRoutes } from './config-routes.ts';
import { controlRoutes } from './control-routes.ts';
import { databaseConfigRoutes } from './database-config-routes.ts';
import { diskRoutes } from './disk-routes.ts';
import { databaseRoutes } from './database-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { loginRoleRoutes } from './login-role-routes.ts';
import { organizationRoutes } from './organization-routes.ts';
import { projectRoutes } from './project-routes.ts';
import { rateLimit } from './rate-limit.ts';
import { wholeConfigRoutes } from './whole-config-routes.ts';
import { withFaults } from './with-faults.ts';
import type { Call, Env } from './session.ts';

const prefix = 'Bearer ';
// Addresses only; what is behind them asks for its own keys.
const openPaths = /^\/_sandbox\/(health|projects\/[a-z]{20})$/;

/** The Management API (`api.supabase.com`) at the root, and the sandbox's own `/_sandbox`. */
export function managementApp(room: Room, ownerToken: string): Hono<Env> {
  const app = new Hono<Env>();
  const budget = rateLimit();
  app.use(async (call, next) => {
    await next();
    if (call.req.method !== 'GET') room.world.flush();
  });
  app.use(async (call, next) => {
    if (openPaths.test(call.req.path)) return next();
    authenticate(room, ownerToken, call);
    if (call.req.path.startsWith('/_sandbox')) return next();
    spend(room, budget, call);
    return withFaults(room.world, call, next);
  });
  const routes = [
    ...[organizationRoutes, projectRoutes, configRoutes, databaseConfigRoutes],
    ...[databaseRoutes, loginRoleRoutes, keyRoutes, wholeConfigRoutes, controlRoutes],
    ...[diskRoutes, addonRoutes],
  ];
  for (const add of routes) add(app, room);
  app.notFound((call) => call.json({ message: `Cannot ${call.req.method} ${call.req.path}` }, 404));
  app.onError((error, call) =>
    error instanceof ApiError
      ? call.json({ message: error.message }, error.status)
      : call.json({ message: String(error) }, 500),
  );
  return app;
}

function authenticate(room: Room, ownerToken: string, call: Call): void {
  const header = call.req.header('authorization') ?? '';
  const token = header.startsWith(prefix) ? header.slice(prefix.length) : '';
  const organizations = organizationsOf(room, ownerToken, token);
  if (organizations === undefined) throw new ApiError(401, 'Unauthorized');
  call.set('organizations', organizations);
}

function spend(room: Room, budget: ReturnType<typeof rateLimit>, call: Call): void {
  const path = call.req.path.replace(/\/[a-z]{20}(?=\/|$)/, '/:ref');
  const scope = /\/[a-z]{20}(?=\/|$)/.exec(call.req.path)?.[0] ?? '';
  const key = [call.req.header('authorization'), scope, call.req.method, path].join(' ');
  const left = budget(key, room.world.now().getTime());
  call.header('X-RateLimit-Limit', `${left.limit}`);
  call.header('X-RateLimit-Remaining', `${left.remaining}`);
  call.header('X-RateLimit-Reset', `${left.resetSeconds}`);
  if (left.exceeded) throw new ApiError(429, 'ThrottlerException: Too Many Requests');
}
