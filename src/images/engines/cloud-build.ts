import { randomUUID } from 'node:crypto';
import { appendFile, cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { create } from 'tar';
import { Failure } from '../../failure.ts';
import { hasEnded, readBuild, startBuild } from '../../gcp/cloud-build.ts';
import type { BuildRequest, ShownBuild } from '../../gcp/cloud-build.ts';
import { putFileOnce, readToFile } from '../../gcp/object-files.ts';
import { listObjects, readObject } from '../../gcp/objects.ts';
import { removeGeneration } from '../../gcp/remove-generation.ts';
import { redacted } from '../../redaction/redacted.ts';
import type { ReleaseShelf } from '../../site.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { buildOptions } from './engine.ts';
import type { Engine, EngineBuild } from './engine.ts';
import { buildFailed } from './run-logged.ts';

/** Google's builder with docker and buildx. */
const docker = 'gcr.io/cloud-builders/docker';

/**
 * Builds in Google Cloud Build, where this machine has no engine: the context goes to the release
 * bucket, the image comes back from there as an OCI archive, and what lay in between is removed.
 */
export function cloudBuild(shelf: ReleaseShelf, tell: (line: string) => void): Engine {
  return {
    name: 'Google Cloud Build',
    held: async () => undefined,
    fetch: async () => undefined, // the build fetches its bases by itself
    build: async (asked) => {
      const prefix = `cloud-builds/${randomUUID()}`;
      try {
        const source = await upload(shelf, prefix, asked);
        const started = await startBuild(shelf.google, requestOf(shelf, prefix, { asked, source }));
        if (started.logUrl) tell(`its log: ${started.logUrl}`);
        const ended = await followed(shelf, { id: started.id, prefix, log: asked.log });
        if (ended.status !== 'SUCCESS') throw await failed(ended, asked);
        const image = { bucket: shelf.releaseBucket, name: `${prefix}/${archive}` };
        await readToFile(shelf.google, image, asked.archive);
        return { id: ended.id, source: ended.sourceProvenance, results: ended.results };
      } catch (error) {
        throw explained(error, shelf);
      } finally {
        await removeAll(shelf, prefix);
      }
    },
  };
}

const archive = 'image.tar';

async function upload(
  { google, releaseBucket: bucket }: ReleaseShelf,
  prefix: string,
  { context, dockerfile }: EngineBuild,
) {
  const folder = await temporaryFolder('source');
  try {
    await cp(context, join(folder, 'source', 'context'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await cp(dockerfile, join(folder, 'source', 'Dockerfile'));
    const file = join(folder, 'source.tgz');
    const options = { file, gzip: true, portable: true, cwd: join(folder, 'source') };
    await create(options, ['Dockerfile', 'context']);
    const name = `${prefix}/source.tgz`;
    const { generation } = await putFileOnce(google, { bucket, name }, file);
    return { bucket, object: name, generation };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function requestOf(
  { releaseBucket }: ReleaseShelf,
  prefix: string,
  {
    asked,
    source,
  }: { readonly asked: EngineBuild; readonly source: BuildRequest['source']['storageSource'] },
): BuildRequest {
  const options = buildOptions({ ...asked, dockerfile: 'Dockerfile' });
  const output = ['--provenance=false', '--output', `type=oci,dest=${archive}`];
  return {
    source: { storageSource: source },
    steps: [
      // The builder of docker itself writes no OCI archives.
      { name: docker, args: ['buildx', 'create', '--driver', 'docker-container', '--use'] },
      { name: docker, args: ['buildx', 'build', ...options, ...output, 'context'] },
    ],
    artifacts: { objects: { location: `gs://${releaseBucket}/${prefix}/`, paths: [archive] } },
    logsBucket: `gs://${releaseBucket}/${prefix}`,
    options: { logging: 'GCS_ONLY' },
    timeout: '3600s',
    tags: ['windlass'],
  };
}

/** Follows the log into ours until the build has ended; asks a little less often each time. */
async function followed(
  shelf: ReleaseShelf,
  { id, prefix, log }: { readonly id: string; readonly prefix: string; readonly log: string },
): Promise<ShownBuild> {
  await mkdir(dirname(log), { recursive: true });
  let told = 0;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 1.5, 5000)) {
    const build = await readBuild(shelf.google, id);
    const object = { bucket: shelf.releaseBucket, name: `${prefix}/log-${id}.txt` };
    const text = (await readObject(shelf.google, object)) ?? Buffer.alloc(0);
    // Whole lines: a secret may stand across two looks.
    const upTo = hasEnded(build) ? text.length : Math.max(told, text.lastIndexOf('\n') + 1);
    await appendFile(log, redacted(String(text.subarray(told, upTo))));
    told = upTo;
    if (hasEnded(build)) return build;
    await sleep(pauseMs);
  }
}

async function failed(build: ShownBuild, { keptAs, log }: EngineBuild): Promise<Failure> {
  const { status, statusDetail, failureInfo } = build;
  const said = [statusDetail, failureInfo?.detail].filter(Boolean).join(': ');
  return buildFailed(
    `Google Cloud Build cannot build ${keptAs}`,
    log,
    `it ended with ${status}${said && ` (${said})`}`,
  );
}

/** The API is off in a new project, and Google's own words are long. */
function explained(error: unknown, { google }: ReleaseShelf): unknown {
  if (!(error instanceof Failure) || error.code !== 'GOOGLE_DENIED') return error;
  return new Failure({
    code: 'CLOUD_BUILD_DENIED',
    what: 'Google Cloud Build is not available',
    why: error.why,
    fix: `Enable it with \`gcloud services enable cloudbuild.googleapis.com --project ${google.project}\`, have roles/cloudbuild.builds.editor, or install podman or docker here.`,
    cause: error,
  });
}

async function removeAll({ google, releaseBucket: bucket }: ReleaseShelf, prefix: string) {
  for (const { name, generation } of await listObjects(google, bucket, `${prefix}/`).catch(
    () => [],
  ))
    await removeGeneration(google, { bucket, name, generation }).catch(() => undefined);
}
