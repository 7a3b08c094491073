import { z } from 'zod';
import { notFound } from '../http.ts';
import type { Collection, World } from '../../world.ts';

const Text = z.record(z.string(), z.string());

/** What a client may say about a secret; fields that we do not know are echoed. */
export const SecretFields = z.looseObject({
  labels: Text.optional(),
  annotations: Text.optional(),
  versionAliases: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  replication: z.record(z.string(), z.unknown()).optional(),
});

/** A secret as the API shows it, plus the number of its newest version. */
export const Secret = SecretFields.extend({
  name: z.string(),
  createTime: z.string(),
  etag: z.string(),
  newest: z.number(),
});
export type Secret = z.infer<typeof Secret>;

/** One version; `payload` is base64 and goes when the version is destroyed. */
export const Version = z.object({
  name: z.string(),
  createTime: z.string(),
  destroyTime: z.string().optional(),
  state: z.enum(['ENABLED', 'DISABLED', 'DESTROYED']),
  etag: z.string(),
  payload: z.string().optional(),
  clientSpecifiedPayloadChecksum: z.boolean().optional(),
});
export type Version = z.infer<typeof Version>;

/** Every secret, by `projects/p/secrets/s`. */
export function secrets(world: World): Collection<Secret> {
  return world.collection('secrets', Secret);
}

/** Every version, by `projects/p/secrets/s/versions/n`. */
export function versions(world: World): Collection<Version> {
  return world.collection('secret-versions', Version);
}

/** The secret, or NOT_FOUND in Google's words. */
export function secretNamed(world: World, name: string): Secret {
  const secret = secrets(world).get(name);
  if (secret === undefined) throw notFound(`Secret [${name}] not found.`);
  return secret;
}

/** The version; `latest` is the newest one, whatever its state, and aliases are followed. */
export function versionNamed(world: World, name: string): Version {
  const [secretName = '', wanted = ''] = name.split('/versions/');
  const secret = secretNamed(world, secretName);
  const alias = secret.versionAliases?.[wanted];
  const number = wanted === 'latest' ? secret.newest : (alias ?? wanted);
  const version = versions(world).get(`${secretName}/versions/${number}`);
  if (version === undefined) {
    throw notFound(`Secret Version [${name}] not found.`);
  }
  return version;
}
