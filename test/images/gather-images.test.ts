import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import type { BuildRecord } from '../../src/images/build-record.ts';
import { buildImage } from '../../src/images/build.ts';
import { gatherImages } from '../../src/images/gather-images.ts';
import { localBuilds } from '../../src/images/local-builds.ts';
import { pushImage } from '../../src/images/push.ts';
import { buildShelf } from '../../src/releases/build-shelf.ts';
import { storedImage } from '../../src/releases/stored-image.ts';
import { project } from '../gcp/google-door.ts';
import { openShelf } from '../releases/release-shelf.ts';
import type { Shelf } from '../releases/release-shelf.ts';
import { temporaryFolder } from '../setup/process.ts';

const repository = `us-central1-docker.pkg.dev/${project}/wellness/meals`;
let shelf: Shelf;
let root: string;
const said: string[] = [];

beforeAll(async () => {
  shelf = await openShelf();
  const place = `projects/${project}/locations/us-central1`;
  await shelf.door.call('POST', `/v1/${place}/repositories?repository_id=wellness`, {
    format: 'DOCKER',
  });
  root = await temporaryFolder('gather');
  await writeIn('meals/main.py', 'print(1)\n');
  await writeIn(
    'meals/Dockerfile',
    'FROM python:3.13-slim\nWORKDIR /app\nCMD ["python", "/app/main.py"]\n',
  );
});

afterAll(async () => {
  await shelf.close();
  await rm(root, { recursive: true });
});

async function writeIn(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
}

const supabase = {
  ...{ organization: 'o', project: 'p' },
  settings: {
    jwt_exp: 3600,
    mailer_autoconfirm: false,
    site_url: 'https://a.b',
    uri_allow_list: '',
  },
};

async function configOf(service: object, own: object = {}) {
  const environments = { production: { project: 'p-production', supabase, ...own } };
  const written = { name: 'shop', services: { meals: service }, environments };
  await writeFile(join(root, 'windlass.yaml'), JSON.stringify(written));
  return readConfig(root);
}

function room(target: 'sandbox' | 'cloud' = 'sandbox') {
  return {
    ...{ environment: 'production', target, logs: root, google: shelf.door.access },
    ...{ local: localBuilds(join(root, 'home')), tell: (line: string) => void said.push(line) },
  };
}

/** A pushed image of a folder that holds the text. */
async function pushed(text: string, tag?: string) {
  await writeIn('other/service.json', JSON.stringify({ command: ['run', text] }));
  const image = await buildImage(join(root, 'other'));
  const { reference } = await pushImage(shelf.door.access, { image, repository });
  if (tag !== undefined) {
    const url = `${shelf.door.access.endpoints.registry}/v2/${repository.slice(repository.indexOf('/') + 1)}/manifests/${tag}`;
    const headers = {
      authorization: `Bearer ${await shelf.door.access.token()}`,
      'content-type': image.manifest.mediaType,
    };
    await fetch(url, { method: 'PUT', headers, body: new Uint8Array(image.manifest.bytes) });
  }
  return reference;
}

describe('an image that windlass.yaml names', () => {
  it('by a tag is kept by the digest that the tag means now, which is told', async () => {
    const reference = await pushed('one', '1.2');
    const { images, facts } = await gatherImages(
      root,
      await configOf({ image: `${repository}:1.2` }),
      room(),
    );
    expect(images).toEqual({ meals: reference });
    expect(facts).toEqual({ meals: { kind: 'given', image: `${repository}:1.2` } });
    expect(said.at(-1)).toContain(`meals: ${repository}:1.2 is sha256:`);
  });

  it('by a tag that nobody has is refused', async () => {
    const config = await configOf({ image: `${repository}:none` });
    await expect(gatherImages(root, config, room())).rejects.toMatchObject({
      code: 'IMAGE_UNRESOLVED',
      why: expect.stringContaining('has no '),
    });
  });

  it('for one environment wins over what all build', async () => {
    const reference = await pushed('two');
    const own = { services: { meals: { image: reference } } };
    const { images, built } = await gatherImages(
      root,
      await configOf({ source: 'meals', build: {} }, own),
      room(),
    );
    expect({ images, built }).toEqual({ images: { meals: reference }, built: {} });
  });

  it.each([
    ['ghcr.io/me/meals:1', /remote repository of Artifact Registry/],
    ['Meals UPPER', /not an image reference/],
    ['us-central1-docker.pkg.dev/p/r/meals@sha256:12', /not an image reference/],
  ])('%s is refused where it stands', async (image, why) => {
    await expect(configOf({ image })).rejects.toMatchObject({ why: expect.stringMatching(why) });
    const own = { services: { meals: { image } } };
    await expect(configOf({ source: 'meals' }, own)).rejects.toMatchObject({
      why: expect.stringMatching(/environments\.production\.services\.meals\.image \(line \d+\)/),
    });
  });

  it('for a service that is not there, or beside a build, is refused', async () => {
    const own = { services: { maels: { image: 'nginx' } } };
    await expect(configOf({ source: 'meals' }, own)).rejects.toThrow(/windlass.yaml has an error/);
    await expect(configOf({ image: 'nginx', build: { context: 'meals' } })).rejects.toMatchObject({
      why: expect.stringContaining('services.meals.build'),
    });
  });
});

describe('a Dockerfile where no container can be run', () => {
  it('gives a process with the command of its CMD, and a line that says so', async () => {
    process.env['WINDLASS_BUILDER'] = 'none';
    const { images, built, facts } = await gatherImages(
      root,
      await configOf({ source: 'meals' }),
      room(),
    );
    expect(facts).toEqual({ meals: { kind: 'process' } });
    expect(images['meals']).toBe(built['meals']?.digest);
    const { config } = JSON.parse(String(built['meals']?.config.bytes));
    expect(config).toMatchObject({ Cmd: ['python', './main.py'] });
    expect(Object.keys(config.Labels)).toEqual(['dev.windlass.process']);
    expect(said.at(-1)).toMatch(/meals as processes of this machine/);
  });

  it('is refused where its program is one that only the build makes', async () => {
    await writeIn('go/Dockerfile', 'FROM scratch\nCOPY server /server\nCMD ["/server"]\n');
    await expect(
      gatherImages(root, await configOf({ source: 'go' }), room()),
    ).rejects.toMatchObject({
      code: 'IMAGE_NEEDS_ENGINE',
      why: expect.stringContaining('/server'),
    });
  });

  it('has no image for the clouds', async () => {
    await expect(
      gatherImages(root, await configOf({ source: 'meals' }), room('cloud')),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/BASE_UNAVAILABLE|IMAGE_NOT_STARTABLE/),
    });
  });
});

describe('what an earlier build made', () => {
  it('is valid for everybody: of two builds of the same inputs the first one counts', async () => {
    const images = await Promise.all(
      ['a', 'b'].map(async (name) => {
        await writeIn(`${name}/service.json`, JSON.stringify({ command: [name] }));
        return buildImage(join(root, name));
      }),
    );
    const input = `sha256:${'1'.repeat(64)}`;
    const builds = buildShelf(shelf.site);
    const records = images.map(({ digest: manifest }): BuildRecord => ({
      ...{ version: 1, input, manifest, builder: 'test', bases: {} },
    }));
    expect(await builds.find(input)).toBeUndefined();
    const kept = await Promise.all(
      images.map(async (image, at) => builds.keep(records[at] ?? expect.fail(), image)),
    );
    expect(new Set(kept.map(({ manifest }) => manifest)).size).toBe(1);
    expect(await builds.find(input)).toEqual(kept[0]);
    expect((await storedImage(shelf.site, kept[0]?.manifest ?? ''))?.digest).toBe(
      kept[0]?.manifest,
    );
  });

  it('lies on this machine as well, and is built again where its image is damaged', async () => {
    const local = localBuilds(join(root, 'home'));
    const image = await buildImage(join(root, 'a'));
    const input = `sha256:${'2'.repeat(64)}`;
    const record: BuildRecord = {
      ...{ version: 1, input, manifest: image.digest, builder: 'test', bases: {} },
    };
    await local.keep(record, image);
    expect(await local.find(input)).toEqual(record);
    expect(await local.image(record)).toEqual(image);
    await writeFile(join(root, 'home', 'builds', `${input.replace(':', '-')}.tar`), 'x');
    expect(await local.find(input)).toBeUndefined();
  });
});
