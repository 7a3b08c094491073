import type { GoogleAccess, Waiting } from '../gcp/access.ts';
import { refusedBy, send } from '../gcp/call.ts';
import { imageExists, imagePlace } from '../gcp/registry.ts';
import type { Blob, Image } from './image.ts';

/** An image and the repository path that it goes to, `us-central1-docker.pkg.dev/p/r/name`. */
export interface Push {
  readonly image: Image;
  readonly repository: string;
}

/** Pushes an image by the OCI distribution API; sends only what the registry does not have. */
export async function pushImage(
  access: GoogleAccess,
  { image, repository }: Push,
  waiting: Waiting = {},
): Promise<{ readonly reference: string; readonly uploaded: number }> {
  const reference = `${repository}@${image.digest}`;
  if (await imageExists(access, reference, waiting)) return { reference, uploaded: 0 };
  const { root, path } = imagePlace(access, repository);
  const registry: Registry = { access, root: `${root}/v2/${path}`, waiting };
  const sent = await Promise.all(
    [image.config, ...image.layers].map((blob) => pushBlob(registry, blob)),
  );
  await put(registry, `${registry.root}/manifests/${image.digest}`, image.manifest);
  return { reference, uploaded: sent.filter(Boolean).length };
}

interface Registry {
  readonly access: GoogleAccess;
  readonly root: string;
  readonly waiting: Waiting;
}

async function pushBlob(registry: Registry, blob: Blob): Promise<boolean> {
  const head = await ask(registry, `${registry.root}/blobs/${blob.digest}`, { method: 'HEAD' });
  if (head.ok) return false;
  const url = `${registry.root}/blobs/uploads/`;
  const started = await ask(registry, url, { method: 'POST' });
  if (!started.ok) throw refusedBy(described(url), started.status, await started.text());
  const place = new URL(started.headers.get('location') ?? '', url);
  place.searchParams.set('digest', blob.digest);
  await put(registry, place.href, { ...blob, mediaType: 'application/octet-stream' });
  return true;
}

async function put(registry: Registry, url: string, blob: Blob): Promise<void> {
  const headers = { 'content-type': blob.mediaType };
  const body = new Uint8Array(blob.bytes);
  const response = await ask(registry, url, { method: 'PUT', headers, body });
  const text = await response.text();
  if (!response.ok) throw refusedBy(described(url), response.status, text);
}

async function ask(registry: Registry, url: string, request: RequestInit): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.set('authorization', `Bearer ${await registry.access.token()}`);
  return send(described(url), { ...request, headers }, registry.waiting);
}

function described(url: string) {
  return { action: `push to ${new URL(url).pathname}`, url, mutating: true };
}
