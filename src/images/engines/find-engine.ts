import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../failure.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { buildahLike } from './buildah.ts';
import { docker } from './docker.ts';
import { answerOf } from './engine.ts';
import type { Engine } from './engine.ts';

/** The variable that names a builder, or `none`; without it the first that works is taken. */
export const builderVariable = 'WINDLASS_BUILDER';

const known = ['docker', 'buildah', 'podman', 'cloud-build', 'none'] as const;
type Known = (typeof known)[number];

/** What `WINDLASS_BUILDER` says; undefined = nothing. */
export function wantedBuilder(): Known | undefined {
  const text = process.env[builderVariable];
  if (text === undefined || text === '') return undefined;
  const found = known.find((name) => name === text);
  if (found) return found;
  throw new Failure({
    code: 'USAGE',
    what: `${builderVariable} is '${text}'`,
    why: `the builders are ${known.join(', ')}`,
    fix: `Name one of them, or leave ${builderVariable} out.`,
  });
}

let builder: Promise<Engine | undefined> | undefined;

/** The engine that builds here: docker with buildx, buildah, podman; undefined where there is none. */
export async function findBuilder(): Promise<Engine | undefined> {
  return (builder ??= lookForBuilder());
}

async function lookForBuilder(): Promise<Engine | undefined> {
  const wanted = wantedBuilder();
  const asks = (name: Known) => wanted === undefined || wanted === name;
  if (asks('docker') && (await dockerWorks())) return docker;
  if (asks('buildah') && (await answerOf('buildah', ['--version']))) return buildahLike('buildah');
  if (asks('podman') && (await answerOf('podman', ['--version']))) return buildahLike('podman');
  return undefined;
}

/** A client without its server, or without buildx, builds nothing. */
async function dockerWorks(): Promise<boolean> {
  if ((await answerOf('docker', ['buildx', 'version'])) === undefined) return false;
  return Boolean(await answerOf('docker', ['version', '--format', '{{.Server.Version}}']));
}

/** A program that runs containers on this machine. */
export type Runner = 'docker' | 'podman';

let runner: Promise<Runner | undefined> | undefined;

/** The program that really runs containers here, tried with one; undefined where there is none. */
export async function findRunner(): Promise<Runner | undefined> {
  return (runner ??= lookForRunner());
}

async function lookForRunner(): Promise<Runner | undefined> {
  if (wantedBuilder() === 'none') return undefined;
  if (await podmanRuns()) return 'podman';
  return (await answerOf('docker', ['version', '--format', '{{.Server.Version}}']))
    ? 'docker'
    : undefined;
}

/** Runs this machine's own `true` in a container that needs no image. */
async function podmanRuns(): Promise<boolean> {
  if ((await answerOf('podman', ['--version'])) === undefined) return false;
  const folder = await temporaryFolder('container');
  try {
    for (const name of ['usr', 'proc', 'dev', 'sys', 'tmp', 'etc', 'run'])
      await mkdir(join(folder, name));
    for (const name of ['bin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(folder, name));
    const bare = ['run', '--rm', ...(await podmanLimits()), '--network', 'host'];
    const args = [...bare, '--volume', '/usr:/usr:ro', '--rootfs', folder, '/usr/bin/true'];
    return (await answerOf('podman', args)) !== undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Limits within our own: podman asks for more by itself, which a machine in a machine may not give. */
export async function podmanLimits(): Promise<readonly string[]> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const hard = (name: string) =>
    Number(new RegExp(`^${name} +\\S+ +(\\d+)`, 'm').exec(limits)?.[1]);
  const within = (name: string, most: number) => Math.min(hard(name) || most, most);
  const files = within('Max open files', 65_536);
  const processes = within('Max processes', 4096);
  return ['--ulimit', `nofile=${files}:${files}`, '--ulimit', `nproc=${processes}:${processes}`];
}
