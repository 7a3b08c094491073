import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { findRunner, podmanLimits } from '../../../src/container-runner.ts';
import type { Runner } from '../../../src/container-runner.ts';
import { held } from '../../../src/held.ts';
import { GoogleError } from '../../google/http.ts';
import type { StoredImage } from '../../google/registry.ts';
import type { Container, ContainerHost } from '../container.ts';
import { authorityOf, containerEnvironment } from '../container-environment.ts';
import { instancePort } from '../instance-port.ts';
import { writeLog } from '../logs.ts';
import type { Mount } from '../mount-namespace.ts';
import { portsNamed, textsOf, waysOut } from '../networks/ways-out.ts';
import type { RevisionRecord } from '../records.ts';
import { runProcess } from '../run-process.ts';
import type { RunningProcess } from '../run-process.ts';
import { secretFolder, writeSecretFolder } from '../secret-folder.ts';
import { containerPort, ingressContainer, readTemplate } from '../template.ts';
import { giveToEngine } from './engine-image.ts';
import { type Joined, type Joining, joinNetwork } from './network.ts';
import { forgetContainer, rememberContainer } from './stale-containers.ts';

/** Starts a revision's image in a container of an engine; nothing of this machine is mounted but its secrets. */
export async function startInEngine(
  host: ContainerHost,
  revision: RevisionRecord,
  image: StoredImage,
): Promise<Container> {
  const runner = await findRunner();
  if (!runner) throw noEngine(revision);
  const { world } = host;
  const name = await giveToEngine(world, runner, image);
  const mounts = writeSecretFolder(world, revision);
  const own = runner.network === 'own';
  const networks = own ? host.networks() : undefined;
  const port = own ? portInside(revision) : await instancePort();
  const env = await containerEnvironment(host, revision, {
    port,
    network: networks ? 'own' : 'host',
  });
  const id = `windlass-${randomUUID()}`;
  rememberContainer(world, { id, program: runner.program }); // before it is: we may end meanwhile
  await create(host, revision, { id, runner, image: name, mounts, env });
  const texts = await textsOf(env, mounts);
  const outbound = networks
    ? await waysOut(host.metadata, revision, texts)
    : portsNamed(texts).map((named) => ({ port: named }));
  const socket = (way: string) => networks?.socket(way) ?? way;
  const joined = own ? await joinedWith(id, { containerPort: port, outbound, socket }) : undefined;
  const attached = await runProcess({
    command: [runner.program, 'start', '--attach', id],
    env: engineEnvironment(),
    cwd: world.folder,
    onLine: ({ stream, text }) => writeLog(world, revision, stream, { text }),
  });
  const ended = held(
    attached.exited.then(async (how) => {
      await joined?.close();
      await execa(runner.program, ['rm', '--force', id], { reject: false });
      forgetContainer(world, id);
      return how;
    }),
  );
  return {
    address: joined ?? { port },
    process: stoppable(runner, id, { ...attached, exited: ended }),
  };
}

const portInside = (revision: RevisionRecord): number =>
  containerPort(ingressContainer(readTemplate(revision.template)));

interface Creation {
  readonly id: string;
  readonly runner: Runner;
  readonly image: string;
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, string>>;
}

async function create(
  { world }: ContainerHost,
  revision: RevisionRecord,
  { id, runner, image, mounts, env }: Creation,
): Promise<void> {
  const { command = [], args = [] } = ingressContainer(readTemplate(revision.template));
  const [program, ...words] = command;
  const authority = '/etc/windlass-sandbox/ca.pem';
  const file = join(secretFolder(world, revision), `${randomUUID()}.env`);
  mkdirSync(secretFolder(world, revision), { recursive: true, mode: 0o700 });
  // As an image of yours carries the file that Supabase gives out.
  const all = Object.entries({ PGSSLROOTCERT: authority, ...env });
  const plain = all.filter(([, value]) => !value.includes('\n'));
  writeFileSync(file, plain.map((pair) => `${pair.join('=')}\n`).join(''), { mode: 0o600 });
  const lined = Object.fromEntries(all.filter(([, value]) => value.includes('\n')));
  const options = [
    ...['--name', id, '--network', runner.network === 'own' ? 'none' : 'host'],
    ...(runner.program === 'podman' ? await podmanLimits() : []),
    ...['--env-file', file, ...Object.keys(lined).flatMap((name) => ['--env', name])],
    ...volume({ source: authorityOf(world), target: authority }),
    ...mounts.flatMap(volume),
    ...(program === undefined ? [] : ['--entrypoint', program]),
  ];
  const ended = await execa(runner.program, ['create', ...options, image, ...words, ...args], {
    ...{ reject: false, env: lined },
  });
  if (ended.exitCode === 0) return;
  forgetContainer(world, id);
  throw new GoogleError('FAILED_PRECONDITION', `The container cannot be made: ${ended.stderr}`);
}

const volume = ({ source, target }: Mount) => ['--volume', `${source}:${target}:ro`];

/** The container's network exists before its program runs, which finds it joined. */
async function joinedWith(id: string, joining: Omit<Joining, 'pid'>): Promise<Joined> {
  const initialized = await execa('podman', ['init', id], { reject: false });
  if (initialized.exitCode !== 0)
    throw new GoogleError(
      'FAILED_PRECONDITION',
      `The container cannot start: ${initialized.stderr}`,
    );
  const { stdout } = await execa('podman', ['inspect', '--format', '{{.State.Pid}}', id]);
  return joinNetwork({ ...joining, pid: Number(stdout) });
}

/** The engine needs our own surroundings; none of them reach the container. */
function engineEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

const graceSeconds = 10; // Cloud Run's time between SIGTERM and SIGKILL

function stoppable(runner: Runner, id: string, attached: RunningProcess): RunningProcess {
  return {
    ...attached,
    stop: async () => {
      await execa(runner.program, ['stop', '--time', String(graceSeconds), id], { reject: false });
      await attached.exited;
    },
  };
}

function noEngine({ service }: RevisionRecord): GoogleError {
  return new GoogleError(
    'FAILED_PRECONDITION',
    `The image of ${service} was built from a Dockerfile, and the sandbox finds no podman or docker here that runs it. Install one, or deploy again from this machine: it then runs as a process.`,
  );
}
