import { z } from 'zod';
import type { RegistryDoor } from './registry-door.ts';

const patienceMs = 10_000;

/** Asks a registry; one that wants a token says where it is to be had. Rejects where it is away. */
export async function askRegistry(
  url: string,
  door: RegistryDoor,
  accept: string,
): Promise<Response> {
  const get = (place: string, authorization: string | undefined) =>
    fetch(place, {
      headers: { accept, ...(authorization && { authorization }) },
      signal: AbortSignal.timeout(patienceMs),
    });
  const own = await door.authorization();
  // Docker's own registry takes a login only where it gives out tokens.
  const first = await get(url, own?.startsWith('Bearer') ? own : undefined);
  if (first.status !== 401) return first;
  const challenge = first.headers.get('www-authenticate') ?? '';
  await first.body?.cancel();
  if (/^basic/i.test(challenge)) return get(url, own);
  const place = tokenPlace(challenge);
  if (place === undefined) return get(url, own);
  const token = Token.parse(await (await get(place, own)).json());
  return get(url, `Bearer ${token.token ?? token.access_token}`);
}

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

function tokenPlace(challenge: string): string | undefined {
  const said = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const realm = said.get('realm');
  if (realm === undefined) return undefined;
  const place = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = said.get(name);
    if (value !== undefined) place.searchParams.set(name, value);
  }
  return place.href;
}
