import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import { replaceObject } from '../../src/gcp/object-changes.ts';
import { statObject } from '../../src/gcp/objects.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { buildImage } from '../../src/images/build.ts';
import type { Contents } from '../../src/releases/contents.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { openGoogle, project } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

/** A site with an empty, versioned release bucket behind a real door. */
export interface Shelf {
  readonly door: GoogleDoor;
  readonly site: Site;
  /** Overwrites an object as somebody would who may write into the bucket. */
  readonly meddle: (name: string, content: Buffer | string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openShelf(): Promise<Shelf> {
  const door = await openGoogle();
  const google = { url: 'http://127.0.0.1:1', token: async () => 'none' };
  const supabase = {
    api: '',
    token: async () => '',
    projectUrl: async () => '',
    databaseCa: undefined,
  };
  const usual = await siteAt('/nowhere', { google, supabase });
  const environment = { ...usual.environment, project };
  const releaseBucket = `${project}-releases`;
  const site = { ...usual, environment, google: door.access, releaseBucket };
  await ensureBucket(door.access, releaseBucket);
  const meddle = async (name: string, content: Buffer | string): Promise<void> => {
    const ref = { bucket: releaseBucket, name };
    const generation = (await statObject(door.access, ref))?.generation ?? '0';
    await replaceObject(door.access, { ...ref, generation }, Buffer.from(content));
  };
  return { door, site, meddle, close: door.close };
}

/** What a small tree makes: a configuration, a revision and one image. */
export async function contentsOf(text: string): Promise<Contents> {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-contents-'));
  await writeFile(join(folder, 'service.json'), JSON.stringify({ command: ['run', text] }));
  const image = await buildImage(folder);
  await rm(folder, { recursive: true, force: true });
  const images = { users: image.digest };
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const files = new Map([
    ['windlass.json', json(await readConfig('.'))],
    ['images.json', json(images)],
    ['migrations/users/migrations/versions/users_0001.py', Buffer.from(text)],
  ]);
  return { files, images, built: { users: image } };
}
