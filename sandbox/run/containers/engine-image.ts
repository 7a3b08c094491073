import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { create } from 'tar';
import { z } from 'zod';
import type { Runner } from '../../../src/container-runner.ts';
import { GoogleError } from '../../google/http.ts';
import type { StoredImage } from '../../google/registry.ts';
import type { World } from '../../world.ts';

/** An image that an engine was given, whether or not the registry still has it. */
export function givenImage(world: World, imageRef: string): StoredImage | undefined {
  const digest = imageRef.slice(imageRef.indexOf('@') + 1);
  if (given(world).get(digest) === undefined) return undefined;
  const blob = (): Buffer => {
    throw new GoogleError('NOT_FOUND', `Image '${imageRef}' not found.`);
  };
  return { digest, manifest: { type: '', bytes: Buffer.alloc(0) }, blobs: [''], blob };
}

const given = (world: World) => world.collection('run-engine-images', z.string());

/** Gives an image of the registry to the engine, once; answers the name under which it has it. */
export async function giveToEngine(
  world: World,
  { program }: Runner,
  image: StoredImage,
): Promise<string> {
  const name = `localhost/windlass-sandbox:${image.digest.replace('sha256:', '')}`;
  const known = await execa(program, ['image', 'inspect', name], { reject: false });
  if (known.exitCode === 0) return name;
  const folder = join(world.folder, 'images', `${randomUUID()}.oci`);
  try {
    layOut(folder, image, name);
    await create({ cwd: folder, file: `${folder}.tar`, portable: true }, [
      'oci-layout',
      'index.json',
      'blobs',
    ]);
    const loaded = await execa(program, ['load', '--input', `${folder}.tar`], { reject: false });
    if (loaded.exitCode !== 0) throw new GoogleError('INTERNAL', loaded.stderr);
    await named(program, loaded.stdout, name);
    given(world).set(image.digest, name);
    return name;
  } finally {
    for (const path of [folder, `${folder}.tar`]) rmSync(path, { recursive: true, force: true });
  }
}

/** Engines keep the name of the layout, or say which image they loaded. */
async function named(program: string, said: string, name: string): Promise<void> {
  const known = await execa(program, ['image', 'inspect', name], { reject: false });
  const loaded = said.trim().split(/\s+/).at(-1) ?? '';
  if (known.exitCode !== 0) await execa(program, ['tag', loaded, name]);
}

function layOut(folder: string, image: StoredImage, name: string): void {
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const { type: mediaType, bytes } = image.manifest;
  const write = (digest: string, content: Buffer) =>
    writeFileSync(join(blobs, digest.replace('sha256:', '')), content);
  write(image.digest, bytes);
  for (const digest of image.blobs) write(digest, image.blob(digest));
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const annotations = {
    'io.containerd.image.name': name,
    'org.opencontainers.image.ref.name': name,
  };
  const manifests = [{ mediaType, digest: image.digest, size: bytes.length, annotations }];
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}
