import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import { z } from 'zod';
import type { World } from '../../world.ts';
import { GoogleError } from '../http.ts';
import { RegistryError } from './errors.ts';
import { findManifest } from './manifests.ts';
import { imageName, type ImageName, readBlob } from './store.ts';

const Command = z.array(z.string()).nullish();
const Config = z.looseObject({
  config: z.looseObject({ Entrypoint: Command, Cmd: Command }).optional(),
});

/** Where an image was unpacked and the command that its config names. */
export interface ImageFolder {
  readonly folder: string;
  readonly command: readonly string[];
  readonly digest: string;
}

/**
 * Unpacks `<host>/<project>/<repository>/<image>@sha256:<digest>` (or `:tag`), once per digest, to
 * `images/<digest>` of the world; NOT_FOUND where the registry has no such image.
 */
export async function imageFolder(world: World, imageRef: string): Promise<ImageFolder> {
  const { name, reference } = split(world, imageRef);
  const { digest, manifest } = found(imageRef, () => findManifest(world, name, reference));
  const config = Config.parse(JSON.parse(blob(world, name, manifest.config.digest).toString()));
  const command = [...(config.config?.Entrypoint ?? []), ...(config.config?.Cmd ?? [])];
  const folder = join(world.folder, 'images', digest.replace(':', '-'));
  if (!existsSync(folder)) {
    await unpack(
      folder,
      manifest.layers.map((layer) => blob(world, name, layer.digest)),
    );
  }
  return { folder, command, digest };
}

async function unpack(folder: string, layers: readonly Buffer[]): Promise<void> {
  const draft = `${folder}.${randomUUID()}.tmp`;
  mkdirSync(draft, { recursive: true });
  for (const [index, bytes] of layers.entries()) {
    const archive = `${draft}.${index}.tar`;
    writeFileSync(archive, bytes);
    await extract({ file: archive, cwd: draft, preserveOwner: false });
    rmSync(archive);
  }
  if (existsSync(folder)) rmSync(draft, { recursive: true });
  else renameSync(draft, folder);
}

function split(world: World, imageRef: string): { name: ImageName; reference: string } {
  const [, path = '', digest, tag] =
    /^[^/]+\/([^@:]+)(?:@(sha256:[0-9a-f]{64})|:([\w.-]+))?$/.exec(imageRef) ?? [];
  const name = found(imageRef, () => imageName(world, path));
  return { name, reference: digest ?? tag ?? 'latest' };
}

function found<T>(imageRef: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new GoogleError('NOT_FOUND', `Image '${imageRef}' not found.`);
  }
}

function blob(world: World, name: ImageName, digest: string): Buffer {
  const bytes = readBlob(world, name, digest);
  if (bytes === undefined) throw new GoogleError('NOT_FOUND', `Blob ${digest} is missing.`);
  return bytes;
}
