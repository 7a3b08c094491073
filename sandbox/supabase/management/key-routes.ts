import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { z } from 'zod';
import { legacyKey, legacyKeysOn, newApiKey } from '../keys.ts';
import { restartRest } from '../life.ts';
import type { ApiKey, ProjectRecord } from '../record.ts';
import { change, type Room } from '../room.ts';
import { shownKey as shownSigningKey } from '../signing.ts';
import { ApiError } from './api-error.ts';
import { bodyOf, type Env, projectOf } from './session.ts';

const NewKey = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z_][a-z0-9_]+$/)
    .min(4)
    .max(64),
  type: z.enum(['publishable', 'secret']),
  description: z.string().nullable().optional(),
  secret_jwt_template: z.record(z.string(), z.unknown()).nullable().optional(),
});
const NewSecrets = z
  .strictObject({
    name: z
      .string()
      .max(256)
      .regex(/^(?!SUPABASE_)/, 'must not start with SUPABASE_'),
    value: z.string().max(24_576),
  })
  .array();

/** The project's API keys and the secrets of its edge functions. */
export function keyRoutes(app: Hono<Env>, room: Room): void {
  const path = '/v1/projects/:ref/api-keys';
  app.get(path, (call) => {
    const record = projectOf(room, call);
    const reveal = call.req.query('reveal') === 'true';
    const newer = record.apiKeys.map((key) => shownKey(key, reveal));
    const legacy = legacyKeysOn(record) ? legacyKeys(record) : [];
    return call.json([...legacy, ...newer]);
  });
  app.post(path, async (call) => {
    const { ref, apiKeys } = projectOf(room, call);
    const { name, type, description = null } = await bodyOf(call, NewKey);
    const key = newApiKey({ name, type, description }, room.world.now());
    change(room, ref, { apiKeys: [...apiKeys, key] });
    return call.json(shownKey(key, call.req.query('reveal') === 'true'), 201);
  });
  legacyRoutes(app, room);
  secretRoutes(app, room);
}

/** Whether the legacy keys are on, the removal of a newer one, and by what tokens are signed. */
function legacyRoutes(app: Hono<Env>, room: Room): void {
  const path = '/v1/projects/:ref/api-keys';
  app.get(`${path}/legacy`, (call) => call.json({ enabled: legacyKeysOn(projectOf(room, call)) }));
  app.put(`${path}/legacy`, async (call) => {
    const { ref } = projectOf(room, call);
    const enabled = Enabled.safeParse(call.req.query('enabled'));
    if (!enabled.success) throw new ApiError(400, 'enabled must be true or false');
    change(room, ref, { legacyKeys: enabled.data === 'true' });
    await restartRest(room, ref);
    return call.json({ enabled: enabled.data === 'true' });
  });
  app.delete(`${path}/:id`, (call) => {
    const { ref, apiKeys } = projectOf(room, call);
    const key = apiKeys.find(({ id }) => id === call.req.param('id'));
    if (key === undefined) throw new ApiError(404, 'API key not found');
    change(room, ref, { apiKeys: apiKeys.filter(({ id }) => id !== key.id) });
    return call.json(shownKey(key, false));
  });
  app.get('/v1/projects/:ref/config/auth/signing-keys', (call) => {
    const { signingKey: key } = projectOf(room, call);
    if (key === undefined) return call.json({ keys: [] });
    const times = { created_at: key.createdAt, updated_at: key.createdAt };
    const one = { id: key.id, algorithm: 'ES256', status: 'in_use', ...times };
    return call.json({ keys: [{ ...one, public_jwk: shownSigningKey(key) }] });
  });
}

const Enabled = z.enum(['true', 'false']);

function secretRoutes(app: Hono<Env>, room: Room): void {
  const path = '/v1/projects/:ref/secrets';
  app.get(path, (call) => {
    const secrets = Object.entries(projectOf(room, call).secrets);
    const shown = secrets.map(([name, { digest, updatedAt }]) => {
      return { name, value: digest, updated_at: updatedAt };
    });
    return call.json(shown);
  });
  app.post(path, async (call) => {
    const { ref, secrets } = projectOf(room, call);
    const updatedAt = room.world.now().toISOString();
    const added = (await bodyOf(call, NewSecrets)).map(({ name, value }) => {
      return [name, { digest: createHash('sha256').update(value).digest('hex'), updatedAt }];
    });
    change(room, ref, { secrets: { ...secrets, ...Object.fromEntries(added) } });
    return call.body(null, 201);
  });
  app.delete(path, async (call) => {
    const { ref, secrets } = projectOf(room, call);
    const names = await bodyOf(call, z.string().array());
    const kept = Object.entries(secrets).filter(([name]) => !names.includes(name));
    change(room, ref, { secrets: Object.fromEntries(kept) });
    return call.body(null, 200);
  });
}

function legacyKeys(record: ProjectRecord): object[] {
  return (['anon', 'service_role'] as const).map((name) => {
    return { name, id: name, type: 'legacy', api_key: legacyKey(record, name) };
  });
}

function shownKey(key: ApiKey, reveal: boolean): object {
  const hidden = key.type === 'secret' && !reveal;
  const { id, name, type, description, insertedAt } = key;
  const api_key = hidden ? `${key.apiKey.slice(0, 16)}···` : key.apiKey;
  return { id, name, type, description, inserted_at: insertedAt, api_key };
}
