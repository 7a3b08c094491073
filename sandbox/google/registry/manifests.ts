import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, ok, param, type Reply } from '../http.ts';
import { RegistryError } from './errors.ts';
import {
  digestOf,
  fullName,
  type ImageName,
  readBlob,
  references,
  tagsOf,
  writeBlob,
} from './store.ts';

const Descriptor = z.looseObject({ mediaType: z.string(), digest: z.string(), size: z.number() });

/** The parts of an image manifest (OCI or Docker schema 2) that we follow. */
export const Manifest = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  config: Descriptor,
  layers: z.array(Descriptor),
});
export type Manifest = z.infer<typeof Manifest>;

/** An index: the manifests of one image for several platforms. */
const Index = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  manifests: z.array(z.looseObject({ digest: z.string(), platform: z.unknown().optional() })),
});

/** What lies under a reference: the manifest of one image, or an index of several. */
export interface Found {
  readonly digest: string;
  readonly type: string;
  readonly bytes: Buffer;
  readonly manifest?: Manifest;
  readonly index?: z.infer<typeof Index>;
}

/** What lies under a reference to one image. */
export type FoundImage = Found & { readonly manifest: Manifest };

/** `PUT manifests/{reference}`: every blob or manifest that it names must be there already. */
export function putManifest(world: World, call: Call, name: ImageName): Reply {
  const reference = param(call, 'reference');
  const digest = digestOf(call.raw);
  if (reference.startsWith('sha256:') && reference !== digest) {
    throw new RegistryError(400, 'DIGEST_INVALID', 'the manifest does not have this digest');
  }
  refuseMissing(world, name, parse(call.raw));
  writeBlob(world, name, digest, call.raw);
  const type = call.headers['content-type'] ?? 'application/vnd.oci.image.manifest.v1+json';
  references(world).set(`${fullName(name)}@${digest}`, type);
  if (reference !== digest) references(world).set(`${fullName(name)}:${reference}`, digest);
  const location = `/v2/${fullName(name)}/manifests/${digest}`;
  return { status: 201, headers: { location, 'docker-content-digest': digest } };
}

/** `DELETE manifests/{reference}`: a tag alone, or a manifest by its digest with all its tags. */
export function deleteManifest(world: World, call: Call, name: ImageName): Reply {
  const reference = param(call, 'reference');
  const { digest } = findManifest(world, name, reference);
  const known = references(world);
  if (reference === digest) known.delete(`${fullName(name)}@${digest}`);
  for (const tag of tagsOf(world, name)) {
    const key = `${fullName(name)}:${tag}`;
    if (tag === reference || (reference === digest && known.get(key) === digest)) known.delete(key);
  }
  return { status: 202 };
}

/** `GET` and `HEAD manifests/{reference}`. */
export function getManifest(world: World, call: Call, name: ImageName): Reply {
  const { digest, type, bytes } = findManifest(world, name, param(call, 'reference'));
  return {
    status: 200,
    raw: bytes,
    headers: { 'content-type': type, 'docker-content-digest': digest },
  };
}

/** `GET tags/list`. */
export function listTags(world: World, _call: Call, name: ImageName): Reply {
  return ok({ name: fullName(name), tags: tagsOf(world, name) });
}

/** A manifest by tag or digest; MANIFEST_UNKNOWN where there is none. */
export function findManifest(world: World, name: ImageName, reference: string): Found {
  const known = references(world);
  const digest = reference.startsWith('sha256:')
    ? reference
    : known.get(`${fullName(name)}:${reference}`);
  const type = known.get(`${fullName(name)}@${digest}`);
  const bytes = digest === undefined ? undefined : readBlob(world, name, digest);
  if (digest === undefined || type === undefined || bytes === undefined) {
    throw new RegistryError(404, 'MANIFEST_UNKNOWN', `Failed to fetch "${reference}"`);
  }
  return { digest, type, bytes, ...parse(bytes) };
}

function refuseMissing(world: World, name: ImageName, { manifest, index }: Parsed): void {
  const blobs = manifest === undefined ? [] : [manifest.config, ...manifest.layers];
  for (const { digest } of blobs) {
    if (readBlob(world, name, digest) !== undefined) continue;
    throw new RegistryError(400, 'MANIFEST_BLOB_UNKNOWN', `blob unknown to registry: ${digest}`);
  }
  for (const { digest } of index?.manifests ?? []) {
    if (references(world).get(`${fullName(name)}@${digest}`) !== undefined) continue;
    throw new RegistryError(400, 'MANIFEST_BLOB_UNKNOWN', `manifest unknown: ${digest}`);
  }
}

type Parsed = Pick<Found, 'manifest' | 'index'>;

function parse(bytes: Buffer): Parsed {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    const index = Index.safeParse(json);
    return index.success ? { index: index.data } : { manifest: Manifest.parse(json) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new RegistryError(400, 'MANIFEST_INVALID', message);
  }
}
