import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';

/** `image: NAME:TAG` and `FROM NAME:TAG`; what we build ourselves has no registry. */
const named = /^(\s*image: |FROM )([a-z0-9./-]+):([\w.-]+)(?=\s|$)/gm;
const own = 'windlass-worker';

/** An image that a file names by a tag alone. */
export interface Tagged {
  readonly name: string;
  readonly tag: string;
}

/** Every image of a compose file or Dockerfile that can change under its tag. */
export function taggedImages(text: string): readonly Tagged[] {
  return [...text.matchAll(named)]
    .map(([, , name = '', tag = '']) => ({ name, tag }))
    .filter(({ name }) => name !== own);
}

/** The text with the digest behind each tag that there is one for. */
export function pinned(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replaceAll(named, (line, _start, name: string, tag: string) => {
    const digest = digests.get(`${name}:${tag}`);
    return digest === undefined ? line : `${line}@${digest}`;
  });
}

/** What the registry says that a tag means now: the digest of the list of all its platforms. */
export async function digestOf({ name, tag }: Tagged, registry?: string): Promise<string> {
  const repository = name.includes('/') ? name : `library/${name}`;
  const url = `${registry ?? 'https://registry-1.docker.io'}/v2/${repository}/manifests/${tag}`;
  const accept = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
  ].join(', ');
  const first = await fetch(url, { method: 'HEAD', headers: { accept } });
  const authorization = first.status === 401 ? await bearer(first) : undefined;
  const answer = authorization
    ? await fetch(url, { method: 'HEAD', headers: { accept, authorization } })
    : first;
  const digest = answer.headers.get('docker-content-digest') ?? '';
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new Error(`${name}:${tag}: the registry answers ${answer.status} and no digest`);
}

const Token = z.object({ token: z.string() });

/** The token that a registry wants for reading, from where its refusal says. */
async function bearer(refusal: Response): Promise<string> {
  const said = refusal.headers.get('www-authenticate') ?? '';
  const parts = new Map(
    [...said.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const url = new URL(parts.get('realm') ?? '');
  for (const key of ['service', 'scope']) url.searchParams.set(key, parts.get(key) ?? '');
  return `Bearer ${Token.parse(await (await fetch(url)).json()).token}`;
}

/** Writes the digests into both files, or with `--check` only names what has none. */
async function main(): Promise<void> {
  const check = process.argv.includes('--check');
  for (const file of ['docker-compose.yml', 'Dockerfile']) {
    const path = resolve(import.meta.dirname, '..', file);
    const text = await readFile(path, 'utf8');
    const images = taggedImages(text);
    for (const { name, tag } of images)
      process.stdout.write(`${file}: ${name}:${tag} has no digest\n`);
    if (check) continue;
    const found = images.map(
      async (image) => [`${image.name}:${image.tag}`, await digestOf(image)] as const,
    );
    await writeFile(path, pinned(text, new Map(await Promise.all(found))));
  }
}

if (import.meta.main) await main();
