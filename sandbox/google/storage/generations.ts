import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { World } from '../../world.ts';
import { crc32cBase64 } from '../crc32c.ts';
import {
  bucketNamed,
  type Generation,
  type ObjectFields,
  objects,
  storageNotFound,
  type Stored,
} from './records.ts';

/** Makes the bytes the live generation; the one before becomes noncurrent, or goes. */
export function writeObject(
  world: World,
  bucket: string,
  name: string,
  content: { readonly bytes: Buffer; readonly fields: ObjectFields },
): Generation {
  const now = world.now().toISOString();
  const { bytes, fields } = content;
  const generation: Generation = {
    storageClass: 'STANDARD',
    ...fields,
    name,
    generation: nextGeneration(world),
    metageneration: 1,
    size: bytes.length,
    crc32c: crc32cBase64(bytes),
    md5Hash: createHash('md5').update(bytes).digest('base64'),
    timeCreated: now,
    updated: now,
  };
  const file = bytesFile(world, bucket, generation.generation);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, bytes, { mode: 0o600 });
  const noncurrent = retire(world, bucket, name);
  objects(world, bucket).set(name, { live: generation, noncurrent });
  return generation;
}

/** The wanted generation (default: the live one); undefined where there is none. */
export function findGeneration(
  world: World,
  bucket: string,
  name: string,
  wanted?: number,
): Generation | undefined {
  const stored = objects(world, bucket).get(name);
  if (wanted === undefined) return stored?.live;
  return generationsOf(stored).find(({ generation }) => generation === wanted);
}

/** As `findGeneration`, or 404 in Google's words. */
export function theGeneration(
  world: World,
  bucket: string,
  name: string,
  wanted?: number,
): Generation {
  bucketNamed(world, bucket);
  const found = findGeneration(world, bucket, name, wanted);
  if (found === undefined) throw storageNotFound(`No such object: ${bucket}/${name}`);
  return found;
}

/** Deletes one generation for good; without a number, the live one becomes noncurrent, or goes. */
export function deleteObject(world: World, bucket: string, name: string, wanted?: number): void {
  const stored = objects(world, bucket).get(name);
  if (wanted === undefined) {
    keep(world, bucket, name, { noncurrent: retire(world, bucket, name) });
    return;
  }
  rmSync(bytesFile(world, bucket, wanted), { force: true });
  const noncurrent = (stored?.noncurrent ?? []).filter(({ generation }) => generation !== wanted);
  const live = stored?.live?.generation === wanted ? undefined : stored?.live;
  keep(world, bucket, name, live === undefined ? { noncurrent } : { live, noncurrent });
}

/** Puts changed metadata of one generation back. */
export function saveGeneration(world: World, bucket: string, changed: Generation): void {
  const stored = objects(world, bucket).get(changed.name) ?? { noncurrent: [] };
  const swap = (one: Generation): Generation =>
    one.generation === changed.generation ? changed : one;
  const noncurrent = stored.noncurrent.map(swap);
  const live = stored.live === undefined ? {} : { live: swap(stored.live) };
  objects(world, bucket).set(changed.name, { ...live, noncurrent });
}

/** All generations, oldest first. */
export function generationsOf(stored: Stored | undefined): readonly Generation[] {
  if (stored === undefined) return [];
  return stored.live === undefined ? stored.noncurrent : [...stored.noncurrent, stored.live];
}

/** The bytes of one generation. */
export function readBytes(world: World, bucket: string, generation: number): Buffer {
  return readFileSync(bytesFile(world, bucket, generation));
}

function retire(world: World, bucket: string, name: string): Generation[] {
  const stored = objects(world, bucket).get(name);
  const before = stored?.noncurrent ?? [];
  if (stored?.live === undefined) return before;
  if (bucketNamed(world, bucket).versioning?.enabled === true) {
    return [...before, { ...stored.live, timeDeleted: world.now().toISOString() }];
  }
  rmSync(bytesFile(world, bucket, stored.live.generation), { force: true });
  return before;
}

function keep(world: World, bucket: string, name: string, stored: Stored): void {
  if (stored.live === undefined && stored.noncurrent.length === 0) {
    objects(world, bucket).delete(name);
  } else objects(world, bucket).set(name, stored);
}

// Generations are microseconds, as Google's are, and rise even where the clock does not.
function nextGeneration(world: World): number {
  const clock = world.collection('storage-clock', z.number());
  const next = Math.max(world.now().getTime() * 1000, (clock.get('generation') ?? 0) + 1);
  clock.set('generation', next);
  return next;
}

function bytesFile(world: World, bucket: string, generation: number): string {
  return join(world.folder, 'objects', bucket, String(generation));
}
