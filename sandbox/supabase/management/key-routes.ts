import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { z } from 'zod';
import { legacyKey } from '../keys.ts';
import type { ApiKey, ProjectRecord } from '../record.ts';
import { change, type Room } from '../room.ts';
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
    return call.json([...legacyKeys(record), ...newer]);
  });
  app.post(path, async (call) => {
    const { ref, apiKeys } = projectOf(room, call);
    const { name, type, description = null } = await bodyOf(call, NewKey);
    const apiKey = `sb_${type}_${randomBytes(24).toString('base64url')}`;
    const insertedAt = room.world.now().toISOString();
    const key = { id: randomUUID(), name, type, apiKey, description, insertedAt };
    change(room, ref, { apiKeys: [...apiKeys, key] });
    return call.json(shownKey(key, call.req.query('reveal') === 'true'), 201);
  });
  secretRoutes(app, room);
}

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
