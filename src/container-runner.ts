import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The variable that names a builder of images, or `none`: then no container is run either. */
export const builderVariable = 'WINDLASS_BUILDER';

/** What runs containers on this machine; `own`: each listens in a network namespace of its own. */
export interface Runner {
  readonly program: 'docker' | 'podman';
  readonly network: 'own' | 'host';
}

let found: Promise<Runner | undefined> | undefined;

/** The program that really runs containers here, tried with one; undefined where there is none. */
export async function findRunner(): Promise<Runner | undefined> {
  return (found ??= lookForRunner());
}

/** What a program said, undefined where it is missing or ended with an error. */
export async function answerOf(
  program: string,
  args: readonly string[],
): Promise<string | undefined> {
  const { execa } = await import('execa');
  const ended = await execa(program, args, { reject: false, timeout: 15_000 });
  return ended.exitCode === 0 ? ended.stdout.trim() : undefined;
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

async function lookForRunner(): Promise<Runner | undefined> {
  if (process.env[builderVariable] === 'none') return undefined;
  if (await podmanRuns())
    return { program: 'podman', network: (await mayEnter()) ? 'own' : 'host' };
  return (await answerOf('docker', ['version', '--format', '{{.Server.Version}}']))
    ? { program: 'docker', network: 'host' }
    : undefined;
}

/** Whether we may enter the network of a container, to join it with ours. */
async function mayEnter(): Promise<boolean> {
  const enter = ['-n', 'nsenter', '--net=/proc/self/ns/net', 'true'];
  return process.getuid?.() === 0 && (await answerOf('unshare', enter)) !== undefined;
}

/** Runs this machine's own `true` in a container that needs no image. */
async function podmanRuns(): Promise<boolean> {
  if ((await answerOf('podman', ['--version'])) === undefined) return false;
  const folder = await mkdtemp(join(tmpdir(), 'windlass-container-'));
  try {
    for (const name of ['usr', 'proc', 'dev', 'sys', 'tmp', 'etc', 'run'])
      await mkdir(join(folder, name));
    for (const name of ['bin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(folder, name));
    const bare = ['run', '--rm', ...(await podmanLimits()), '--network', 'none'];
    const args = [...bare, '--volume', '/usr:/usr:ro', '--rootfs', folder, '/usr/bin/true'];
    return (await answerOf('podman', args)) !== undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
