import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import { z } from 'zod';
import type { World } from '../../world.ts';
import { GoogleError } from '../http.ts';
import { RegistryError } from './errors.ts';
import { imageForCloud, refuseForeign } from './platform.ts';
import { imageName, type ImageName, readBlob } from './store.ts';

const Command = z.array(z.string()).nullish();
const Config = z.looseObject({
  config: z
    .looseObject({ Entrypoint: Command, Cmd: Command, Env: z.array(z.string()).nullish() })
    .optional(),
  history: z.array(z.unknown()).optional(),
});

/** Where an image was unpacked and the command that its config names. */
const ImageFolder = z.object({
  folder: z.string(),
  /** ENTRYPOINT and CMD. */
  command: z.array(z.string()),
  entrypoint: z.array(z.string()).optional(),
  digest: z.string(),
  /** `NAME=value`, as the image declares them. */
  env: z.array(z.string()).optional(),
});
export type ImageFolder = Readonly<z.infer<typeof ImageFolder>>;

/**
 * Unpacks `<region>-docker.pkg.dev/<project>/<repository>/<image>@sha256:<digest>` (or `:tag`), once
 * per digest, to `images/<digest>` of the world; NOT_FOUND where that region's registry has no such
 * image. The copy stays, whatever becomes of the registry.
 */
export async function importImage(world: World, imageRef: string): Promise<ImageFolder> {
  const { name, reference } = split(world, imageRef);
  const { digest, manifest, type } = found(imageRef, () => imageForCloud(world, name, reference));
  const config = Config.parse(JSON.parse(blob(world, name, manifest.config.digest).toString()));
  refuseForeign(config, type);
  const entrypoint = config.config?.Entrypoint ?? [];
  const command = [...entrypoint, ...(config.config?.Cmd ?? [])];
  const folder = join(world.folder, 'images', digest.replace(':', '-'));
  if (!existsSync(folder)) {
    const layers = manifest.layers.map((layer) => blob(world, name, layer.digest));
    await unpack(folder, layers);
  }
  const image = { folder, command, entrypoint, digest, env: config.config?.Env ?? [] };
  writeFileSync(`${folder}.json`, JSON.stringify(image));
  return image;
}

/** An image that holds a system of its own, as the registry keeps it. */
export interface StoredImage {
  readonly digest: string;
  readonly manifest: { readonly type: string; readonly bytes: Buffer };
  /** The bytes of a blob that it names. */
  readonly blob: (digest: string) => Buffer;
  readonly blobs: readonly string[];
}

/**
 * The image where it needs an engine to run: it has been built upon something, as every builder
 * notes in its history. Undefined for the files of a folder, which a process can run from.
 */
export function engineImage(world: World, imageRef: string): StoredImage | undefined {
  const { name, reference } = split(world, imageRef);
  const { digest, manifest, type, bytes } = found(imageRef, () =>
    imageForCloud(world, name, reference),
  );
  const { config, layers } = manifest;
  const settings = Config.parse(JSON.parse(blob(world, name, config.digest).toString()));
  refuseForeign(settings, type);
  const { history } = settings;
  if (history === undefined && layers.length === 1) return undefined;
  const blobs = [config, ...layers].map((one) => one.digest);
  return {
    digest,
    manifest: { type, bytes },
    blobs,
    blob: (one) => blob(world, name, one),
  };
}

/** The copy of an image that was imported once; undefined where there is none, or it has no digest. */
export function importedImage(world: World, imageRef: string): ImageFolder | undefined {
  const [, digest] = /@sha256:([0-9a-f]{64})$/.exec(imageRef) ?? [];
  const file = join(world.folder, 'images', `sha256-${digest}.json`);
  return existsSync(file) ? ImageFolder.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
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
  const [, host = '', path = '', digest, tag] =
    /^([^/]+)\/([^@:]+)(?:@(sha256:[0-9a-f]{64})|:([\w.-]+))?$/.exec(imageRef) ?? [];
  const [, region] = /^(.+)-docker\.pkg\.dev$/.exec(host) ?? [];
  const name = found(imageRef, () => imageName(world, path, region));
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
