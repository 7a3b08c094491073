import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Collection, World } from '../../world.ts';
import { repositoryNamed } from '../artifact-registry.ts';
import { repositoryFolder } from './folders.ts';
import { RegistryError } from './errors.ts';

/** An image's place: `<project>/<repository>/<image>`. */
export interface ImageName {
  readonly project: string;
  readonly repository: string;
  readonly image: string;
}

const Digest = /^sha256:[0-9a-f]{64}$/;

/** Splits a name; NAME_UNKNOWN where Artifact Registry has no such repository (in that region). */
export function imageName(
  world: World,
  name: string,
  region?: string,
): ImageName & { readonly resource: string } {
  const [project = '', repository = '', ...rest] = name.split('/');
  const resource = repositoryNamed(world, { project, id: repository, region });
  if (resource === undefined || rest.length === 0) {
    throw new RegistryError(404, 'NAME_UNKNOWN', `Repository "${repository}" not found`);
  }
  return { project, repository, image: rest.join('/'), resource };
}

/** The digest of some bytes, `sha256:<hex>`. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Keeps a blob under its digest; DIGEST_INVALID where they differ. */
export function writeBlob(world: World, name: ImageName, digest: string, bytes: Buffer): void {
  if (!Digest.test(digest) || digestOf(bytes) !== digest) {
    throw new RegistryError(
      400,
      'DIGEST_INVALID',
      'provided digest did not match uploaded content',
    );
  }
  const path = blobFile(world, name, digest);
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}

/** A blob's bytes; undefined where the repository has none of that digest. */
export function readBlob(world: World, name: ImageName, digest: string): Buffer | undefined {
  const path = blobFile(world, name, digest);
  return Digest.test(digest) && existsSync(path) ? readFileSync(path) : undefined;
}

/** Manifests: by `<project>/<repository>/<image>@<digest>` their media type, by `:tag` a digest. */
export function references(world: World): Collection<string> {
  return world.collection('registry', z.string());
}

/** The names of an image's tags. */
export function tagsOf(world: World, name: ImageName): readonly string[] {
  const prefix = `${fullName(name)}:`;
  return references(world)
    .list()
    .flatMap(([key]) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []))
    .sort();
}

/** `<project>/<repository>/<image>`. */
export function fullName({ project, repository, image }: ImageName): string {
  return `${project}/${repository}/${image}`;
}

function blobFile(world: World, name: ImageName, digest: string): string {
  const folder = repositoryFolder(world, name.project, name.repository);
  return join(folder, digest.replace(':', '-'));
}
