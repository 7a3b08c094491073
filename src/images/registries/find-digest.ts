import { z } from 'zod';
import type { ImageReference } from '../image-reference.ts';
import { digestOf } from '../image.ts';
import type { RegistryDoor } from './registry-door.ts';

/** What a registry says of a name: its digest now, or why there is none. */
export type Found =
  | { readonly digest: string; readonly why?: undefined }
  | {
      readonly digest?: undefined;
      readonly why: string;
      /** `missing`: it answered that there is no such image. */
      readonly kind: 'missing' | 'refused' | 'away';
    };

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Asks a registry which digest a tag means now, or whether it has a digest. */
export async function findDigest(
  { path, tag, digest, host }: ImageReference,
  door: RegistryDoor,
): Promise<Found> {
  const url = `${door.root}/v2/${path}/manifests/${digest ?? tag}`;
  try {
    const answer = await asking(url, door);
    if (answer.status === 404)
      return {
        kind: 'missing',
        why: `${host} has no ${path} of the ${digest ? 'digest' : 'tag'} ${digest ?? tag}`,
      };
    if (!answer.ok) return { kind: 'refused', why: `${host} answers ${answer.status} for ${path}` };
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { digest: answer.headers.get('docker-content-digest') ?? digestOf(bytes) };
  } catch (error) {
    return { kind: 'away', why: `${host} does not answer (${reasonOf(error)})` };
  }
}

const patienceMs = 10_000;

/** A registry that asks for a token says where it is to be had. */
async function asking(url: string, door: RegistryDoor): Promise<Response> {
  const own = await door.authorization();
  // Docker's own registry takes a login only where it gives out tokens.
  const first = await get(url, own?.startsWith('Bearer') ? own : undefined);
  if (first.status !== 401) return first;
  const challenge = first.headers.get('www-authenticate') ?? '';
  await first.body?.cancel();
  if (/^basic/i.test(challenge)) return get(url, own);
  const said = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const realm = said.get('realm');
  if (realm === undefined) return get(url, own);
  const place = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = said.get(name);
    if (value !== undefined) place.searchParams.set(name, value);
  }
  const token = Token.parse(await (await get(place.href, own)).json());
  return get(url, `Bearer ${token.token ?? token.access_token}`);
}

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

async function get(url: string, authorization: string | undefined): Promise<Response> {
  const headers = { accept: manifestTypes, ...(authorization && { authorization }) };
  return fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
