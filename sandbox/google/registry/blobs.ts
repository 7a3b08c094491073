import { randomUUID } from 'node:crypto';
import type { World } from '../../world.ts';
import { type Call, param, type Reply } from '../http.ts';
import { RegistryError } from './errors.ts';
import { fullName, type ImageName, readBlob, writeBlob } from './store.ts';

// Uploads live with the process, as a registry's do with its session.
const uploads = new WeakMap<World, Map<string, Buffer[]>>();

/** `POST blobs/uploads/`: with a digest the whole blob at once, else an upload to continue. */
export function startUpload(world: World, call: Call, name: ImageName): Reply {
  const digest = call.query.get('digest');
  if (digest !== null) return finish(world, name, digest, call.raw);
  const mounted = call.query.get('mount');
  if (mounted !== null && readBlob(world, name, mounted) !== undefined) {
    return created(name, mounted);
  }
  const id = randomUUID();
  uploadsOf(world).set(id, []);
  return progress(name, id, 0);
}

/** `PATCH blobs/uploads/{id}`: one more chunk. */
export function continueUpload(world: World, call: Call, name: ImageName): Reply {
  const id = param(call, 'id');
  const chunks = uploadNamed(world, id);
  chunks.push(call.raw);
  return progress(name, id, size(chunks));
}

/** `PUT blobs/uploads/{id}?digest=`: the last chunk, if any, and the check. */
export function finishUpload(world: World, call: Call, name: ImageName): Reply {
  const id = param(call, 'id');
  const bytes = Buffer.concat([...uploadNamed(world, id), call.raw]);
  uploadsOf(world).delete(id);
  return finish(world, name, call.query.get('digest') ?? '', bytes);
}

/** `GET` and `HEAD blobs/{digest}`. */
export function getBlob(world: World, call: Call, name: ImageName): Reply {
  const digest = param(call, 'digest');
  const bytes = readBlob(world, name, digest);
  if (bytes === undefined) throw new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry');
  return {
    status: 200,
    raw: bytes,
    headers: { 'content-type': 'application/octet-stream', 'docker-content-digest': digest },
  };
}

/** `DELETE blobs/{digest}`: refused, as Artifact Registry removes what no manifest names by itself. */
export function refuseBlobDelete(): Reply {
  throw new RegistryError(405, 'UNSUPPORTED', 'The operation is unsupported.');
}

function finish(world: World, name: ImageName, digest: string, bytes: Buffer): Reply {
  writeBlob(world, name, digest, bytes);
  return created(name, digest);
}

function created(name: ImageName, digest: string): Reply {
  const location = `/v2/${fullName(name)}/blobs/${digest}`;
  return { status: 201, headers: { location, 'docker-content-digest': digest } };
}

function progress(name: ImageName, id: string, kept: number): Reply {
  const location = `/v2/${fullName(name)}/blobs/uploads/${id}`;
  const range = `0-${Math.max(0, kept - 1)}`;
  return { status: 202, headers: { location, range, 'docker-upload-uuid': id } };
}

function uploadNamed(world: World, id: string): Buffer[] {
  const chunks = uploadsOf(world).get(id);
  if (chunks === undefined) {
    throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
  }
  return chunks;
}

function uploadsOf(world: World): Map<string, Buffer[]> {
  const known = uploads.get(world) ?? new Map<string, Buffer[]>();
  uploads.set(world, known);
  return known;
}

function size(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
