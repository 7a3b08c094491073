import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { extract } from 'tar';
import { answerOf, builderVariable } from '../../../src/container-runner.ts';
import type { World } from '../../world.ts';
import type { AskedBuild } from '../cloud-build.ts';
import { findGeneration, readBytes, writeObject } from '../storage/generations.ts';

/** A build that is carried out; `save` shows how it stands to those who ask. */
type Save = (change: object) => void;
type Asked = AskedBuild & { readonly id: string };

const docker = 'gcr.io/cloud-builders/docker';

/** Carries out the steps in a folder of their own, then keeps log and artifacts; never rejects. */
export async function runBuild(world: World, asked: Asked, save: Save): Promise<void> {
  const workspace = await mkdtemp(join(tmpdir(), 'windlass-cloud-build-'));
  let log = `starting build "${asked.id}"\n`;
  try {
    save({ status: 'WORKING', startTime: world.now().toISOString() });
    await unpackSource(world, asked, workspace);
    for (const [index, step] of asked.steps.entries()) {
      log += `Step #${index}: ${step.name} ${step.args.join(' ')}\n`;
      const said = await runStep(step, workspace);
      log += `${said}\n`;
    }
    await keepArtifacts(world, asked, workspace);
    log += 'DONE\n';
    keepLog(world, asked, log);
    save({ status: 'SUCCESS', finishTime: world.now().toISOString() });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    keepLog(world, asked, `${log}ERROR: ${detail}\n`);
    const failureInfo = { type: 'USER_BUILD_STEP', detail: detail.split('\n').at(-1) };
    save({ status: 'FAILURE', failureInfo, finishTime: world.now().toISOString() });
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

async function unpackSource(world: World, { source }: Asked, workspace: string): Promise<void> {
  const { bucket, object, generation } = source.storageSource;
  const wanted = generation === undefined ? undefined : Number(generation);
  const found = findGeneration(world, bucket, object, wanted);
  if (!found) throw new Error(`could not resolve source: gs://${bucket}/${object} not found`);
  const file = join(workspace, '.source.tgz');
  await writeFile(file, readBytes(world, bucket, found.generation));
  await extract({ file, cwd: workspace });
  await rm(file);
}

/** Docker's builder alone, and of it what buildah does in the same words. */
async function runStep(step: AskedBuild['steps'][number], workspace: string): Promise<string> {
  const { name, args } = step;
  const [tool, verb, ...rest] = args;
  if (name !== docker || tool !== 'buildx')
    throw new Error(`the sandbox runs no step of ${name} ${args.join(' ')}`);
  if (verb === 'create') return 'a builder of this machine';
  if (verb !== 'build') throw new Error(`the sandbox knows no buildx ${verb}`);
  const program = await builder();
  const output = rest[rest.indexOf('--output') + 1] ?? '';
  const [, file] = /^type=oci,dest=(.+)$/.exec(output) ?? [];
  if (file === undefined) throw new Error(`the sandbox writes no output of ${output}`);
  const kept = rest.filter(
    (word) => !/^--(output|provenance=.*|sbom=.*)$/.test(word) && word !== output,
  );
  const tag = 'localhost/windlass-cloud-build:latest';
  const isolated = ['--isolation', 'chroot', '--layers', '--format', 'oci', '--pull=false'];
  const built = await said(program, ['build', ...isolated, '--tag', tag, ...kept], workspace);
  await said(program, ['push', '--quiet', tag, `oci-archive:${join(workspace, file)}`], workspace);
  return built;
}

async function builder(): Promise<string> {
  const off = process.env[builderVariable] === 'none';
  for (const program of off ? [] : ['buildah', 'podman'])
    if (await answerOf(program, ['--version'])) return program;
  throw new Error('the sandbox has no engine that builds: install buildah or podman');
}

async function said(program: string, args: readonly string[], cwd: string): Promise<string> {
  const ended = await execa(program, args, { cwd, reject: false, all: true });
  if (ended.exitCode === 0) return ended.all;
  throw new Error(ended.all);
}

async function keepArtifacts(world: World, { artifacts }: Asked, workspace: string): Promise<void> {
  for (const path of artifacts?.objects?.paths ?? []) {
    const bytes = await readFile(join(workspace, path));
    put(world, `${artifacts?.objects?.location}${basename(path)}`, bytes);
  }
}

function keepLog(world: World, { id, logsBucket }: Asked, text: string): void {
  if (logsBucket !== undefined)
    put(world, `${logsBucket.replace(/^(?!gs:)/, 'gs://')}/log-${id}.txt`, Buffer.from(text));
}

function put(world: World, url: string, bytes: Buffer): void {
  const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  writeObject(world, bucket, name, { bytes, fields: {} });
}
