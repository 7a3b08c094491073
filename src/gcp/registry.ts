import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { refusedBy, send } from './call.ts';

/** Whether the registry has the image `host/path@sha256:…`, by asking for its manifest's head. */
export async function imageExists(
  access: GoogleAccess,
  reference: string,
  waiting: Waiting = {},
): Promise<boolean> {
  const { root, path, digest } = imagePlace(access, reference);
  const call = { action: `look for ${reference}`, url: `${root}/v2/${path}/manifests/${digest}` };
  const headers = { authorization: `Bearer ${await access.token()}`, accept: manifestTypes };
  const response = await send(call, { method: 'HEAD', headers }, waiting);
  if (response.status === 404) return false;
  if (!response.ok) throw refusedBy(call, response.status, response.statusText);
  return true;
}

/** Where an image reference lives: registry root, repository path, digest ('' if it names none). */
export function imagePlace(
  access: GoogleAccess,
  reference: string,
): { readonly root: string; readonly path: string; readonly digest: string } {
  const parts = /^([^/]+)\/([^@:]+)(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference);
  const [, host = '', path, digest = ''] = parts ?? [];
  if (!isGoogles(host) || path === undefined)
    throw new Failure({
      code: 'IMAGE_ELSEWHERE',
      what: `The image ${reference} cannot be reached`,
      why: 'It is not in a Google registry by that digest.',
      fix: 'Push the image to a repository of Artifact Registry and name its digest.',
    });
  return { root: googleRegistry(access, host), path, digest };
}

/** Whether a host is a registry of Google's. */
export function isGoogles(host: string): boolean {
  return /^[a-z0-9-]+-docker\.pkg\.dev$|^([a-z]+\.)?gcr\.io$/.test(host);
}

/** Where the registry of one of Google's hosts answers: one door for all where it is not the real one. */
export function googleRegistry({ endpoints }: GoogleAccess, host: string): string {
  return isGoogles(new URL(endpoints.registry).hostname) ? `https://${host}` : endpoints.registry;
}

const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');
