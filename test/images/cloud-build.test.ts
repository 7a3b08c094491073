import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBuild } from '../../src/gcp/cloud-build.ts';
import { listObjects } from '../../src/gcp/objects.ts';
import { cloudBuild } from '../../src/images/engines/cloud-build.ts';
import type { EngineBuild } from '../../src/images/engines/engine.ts';
import { unpackImage } from '../../src/images/layout.ts';
import { testEngine } from '../end-to-end/containers/engine.ts';
import { openShelf } from '../releases/release-shelf.ts';
import type { Shelf } from '../releases/release-shelf.ts';
import { temporaryFolder } from '../setup/process.ts';

const engine = await testEngine();
const base = 'docker.io/library/node:24-slim';
let shelf: Shelf;
let folder: string;
const told: string[] = [];

beforeAll(async () => {
  shelf = await openShelf();
  folder = await temporaryFolder('cloud-build');
  await mkdir(join(folder, 'context'));
  await writeFile(join(folder, 'context', 'hello.txt'), 'hello\n');
});

afterAll(async () => {
  await shelf.close();
  await rm(folder, { recursive: true });
});

async function asked(dockerfile: string): Promise<EngineBuild> {
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  return {
    context: join(folder, 'context'),
    dockerfile: join(folder, 'Dockerfile'),
    target: undefined,
    args: { WHO: 'cloud' },
    labels: { 'dev.windlass.input': 'sha256:1' },
    keptAs: 'localhost/windlass/hello:latest',
    archive: join(folder, 'image.tar'),
    log: join(folder, 'build.log'),
  };
}

const build = async (dockerfile: string) =>
  cloudBuild(shelf.site, (line) => void told.push(line)).build(await asked(dockerfile));

const left = () => listObjects(shelf.site.google, shelf.site.releaseBucket, 'cloud-builds/');

describe('a build in Google Cloud Build', () => {
  it.skipIf(!engine)(
    'gives the image that its Dockerfile says, follows the log, leaves nothing',
    async () => {
      const args = ['inspect', '--type', 'image', '--format', '{{.FromImageDigest}}', base];
      const digest = (await execa('buildah', args)).stdout;
      const from = `FROM docker.io/library/node@${digest}`;
      const provenance = await build(
        `${from}\nARG WHO\nCOPY hello.txt /hello-$WHO\nRUN cat /hello-cloud\nCMD ["x"]\n`,
      );
      expect(provenance).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
      const image = unpackImage(await readFile(join(folder, 'image.tar')));
      const { config } = JSON.parse(String(image.config.bytes));
      expect(config).toMatchObject({ Cmd: ['x'], Labels: { 'dev.windlass.input': 'sha256:1' } });
      expect(told.at(-1)).toContain('https://console.cloud.google.com/cloud-build/builds/');
      expect(await readFile(join(folder, 'build.log'), 'utf8')).toMatch(/^hello$[\s\S]*^DONE$/m);
      expect(await left()).toEqual([]);
    },
  );

  it('that fails says how it ended and where its log is, and leaves nothing', async () => {
    const before = process.env['WINDLASS_BUILDER'];
    process.env['WINDLASS_BUILDER'] = 'none';
    await expect(build('FROM scratch\nCMD ["x"]\n')).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      why: expect.stringMatching(/FAILURE \(.*no engine that builds/),
      fix: expect.stringContaining('build.log'),
    });
    if (before === undefined) delete process.env['WINDLASS_BUILDER'];
    else process.env['WINDLASS_BUILDER'] = before;
    expect(await left()).toEqual([]);
  });

  it('that may not be started names the API and the role', async () => {
    const google = { ...shelf.site.google, project: 'somebody-elses' };
    const others = cloudBuild({ ...shelf.site, google }, () => undefined);
    await expect(others.build(await asked('FROM scratch\n'))).rejects.toMatchObject({
      code: 'CLOUD_BUILD_DENIED',
      fix: expect.stringContaining('gcloud services enable cloudbuild.googleapis.com'),
    });
  });

  it('is asked for in the words of the API: what it does not know is refused', async () => {
    const strange = { source: {}, steps: [] };
    // @ts-expect-error a build that the API refuses
    await expect(startBuild(shelf.site.google, strange)).rejects.toMatchObject({
      code: 'GOOGLE_INVALID',
    });
  });
});
