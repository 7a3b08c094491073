import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { buildImage } from '../../src/images/build.ts';
import { pushImage } from '../../src/images/push.ts';
import { storeRelease } from '../../src/releases/store.ts';
import type { Site } from '../../src/site.ts';
import { missingImages, refuseMissingImages } from '../../src/stacks/missing-images.ts';
import { project } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';
import { openShelf } from '../releases/release-shelf.ts';

const repository = `us-central1-docker.pkg.dev/${project}/wellness`;
const nowhere = `sha256:${'0'.repeat(64)}`;
let door: GoogleDoor;
let site: Site;
let folder: string;

beforeAll(async () => {
  ({ door, site } = await openShelf());
  const place = `projects/${project}/locations/us-central1`;
  await door.call('POST', `/v1/${place}/repositories?repository_id=wellness`, { format: 'DOCKER' });
  folder = await mkdtemp(join(tmpdir(), 'windlass-images-'));
  await writeFile(join(folder, 'service.json'), JSON.stringify({ command: ['run'] }));
});

afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true });
});

it('an image is there in the registry or in the release bucket; every other one is named', async () => {
  const inBucket = await buildImage(folder);
  await writeFile(join(folder, 'more'), 'of another image');
  const image = await buildImage(folder);
  const { reference } = await pushImage(door.access, { image, repository: `${repository}/own` });
  const images = {
    meals: inBucket.digest,
    users: reference,
    habits: nowhere,
    agent: `${repository}/agent@${nowhere}`,
  };
  const files = new Map([
    ['images.json', Buffer.from(JSON.stringify(images))],
    ['windlass.json', Buffer.from(JSON.stringify(await readConfig('.')))],
  ]);
  const release = await storeRelease(site, { files, images, built: { meals: inBucket } });
  expect((await missingImages(site, release)).map(({ service }) => service)).toEqual([
    'habits',
    'agent',
  ]);
  await expect(refuseMissingImages(site, release)).rejects.toMatchObject({
    code: 'IMAGE_MISSING',
    what: 'The image of habits, agent is in no registry',
  });
});
