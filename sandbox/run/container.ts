import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GoogleError } from '../google/http.ts';
import { engineImage, importImage, importedImage } from '../google/registry.ts';
import type { ImageFolder, StoredImage } from '../google/registry.ts';
import type { World } from '../world.ts';
import { processEnvironment } from './container-environment.ts';
import { givenImage } from './containers/engine-image.ts';
import { startInEngine } from './containers/start.ts';
import { instancePort } from './instance-port.ts';
import type { InstanceAddress } from './instance-address.ts';
import type { MetadataServers } from './metadata-server.ts';
import { writeLog } from './logs.ts';
import { type CommandLine, type Isolation, type Mount, mountObstacle } from './mount-namespace.ts';
import { gateFolder, type Networks } from './networks/networks.ts';
import { textsOf, waysOut } from './networks/ways-out.ts';
import { type RevisionRecord, revisions } from './records.ts';
import { runProcess, type RunningProcess } from './run-process.ts';
import { secretRoot, writeSecretFolder } from './secret-folder.ts';
import { forgetProcess, rememberProcess } from './stale-processes.ts';
import { type Container as Declared, containerPort, ingressContainer } from './template.ts';
import { readTemplate } from './template.ts';
import { held } from '../../src/held.ts';

/** What every container of one fleet shares. */
export interface ContainerHost {
  readonly world: World;
  readonly isolation: Isolation;
  /** A folder that comes first in PATH: the virtual environment of the services. */
  readonly samplePath: string | undefined;
  readonly metadata: MetadataServers;
  /** Undefined where this machine gives none, or where windlass.yaml does without them. */
  readonly networks: () => Networks | undefined;
}

/** A started container, and where it answers once it listens on the port that it was told. */
export interface Container {
  readonly address: InstanceAddress;
  readonly process: RunningProcess;
}

/** Starts the code of a revision's image; a GoogleError says why Cloud Run would refuse it. */
export async function startContainer(
  host: ContainerHost,
  revision: RevisionRecord,
): Promise<Container> {
  const { world } = host;
  const declared = ingressContainer(readTemplate(revision.template));
  if (revision.fault !== 'crash') {
    const engines = engineImageOf(world, revision.name, declared.image);
    if (engines) return startInEngine(host, revision, engines);
  }
  return startAsProcess(host, revision, declared);
}

async function startAsProcess(
  host: ContainerHost,
  revision: RevisionRecord,
  declared: Declared,
): Promise<Container> {
  const { world } = host;
  const network = host.networks()?.open();
  try {
    const image = await imageOf(world, revision.name, declared.image);
    const mounts = writeSecretFolder(world, revision);
    const port = await instancePort();
    const asked = { port, imageEnv: image.env ?? [], network: network ? 'own' : 'host' } as const;
    const env = await processEnvironment(host, revision, asked);
    const command = revision.fault === 'crash' ? crashing : words(revision, image, port);
    const enter = await network?.join({
      port,
      outbound: await waysOut(host.metadata, revision, [
        ...command,
        ...(await textsOf(env, mounts)),
      ]),
    });
    const started = await runProcess({
      command: wrapped(host, { command, mounts, cwd: image.folder, enter }),
      env,
      cwd: image.folder,
      onLine: ({ stream, text }) => writeLog(world, revision, stream, { text }),
    });
    rememberProcess(world, started.pid);
    void held(
      started.exited.then(() => forgetProcess(world, started.pid)).then(() => network?.close()),
    );
    return { address: network ?? { port }, process: started };
  } catch (error) {
    network?.close();
    throw error;
  }
}

/** What was ready once has a copy in the engine, whatever became of the registry. */
function engineImageOf(world: World, revision: string, imageRef: string): StoredImage | undefined {
  const ready = revisions(world).get(revision)?.state.phase === 'ready';
  if (ready && importedImage(world, imageRef)) return undefined;
  try {
    return engineImage(world, imageRef);
  } catch (error) {
    const spare = ready ? givenImage(world, imageRef) : undefined;
    if (spare) return spare;
    throw error;
  }
}

/** What was ready once has a copy of its own, whatever became of the registry. */
async function imageOf(world: World, revision: string, imageRef: string): Promise<ImageFolder> {
  const ready = revisions(world).get(revision)?.state.phase === 'ready';
  return (ready && importedImage(world, imageRef)) || importImage(world, imageRef);
}

// The fault `services`: a start that fails the way a missing setting does.
const crashing: CommandLine = [
  'sh',
  '-c',
  `echo "loading settings"; echo "KeyError: 'DATABASE_URL'" >&2
   echo "startup failed, exiting" >&2; exit 1`,
];

// In the cloud each container has port 8080 for itself; here all share one machine's ports.
function words(
  { template, variables }: RevisionRecord,
  image: ImageFolder,
  port: number,
): CommandLine {
  const declared = ingressContainer(readTemplate(template));
  const all = startWords(declared, image);
  if (variables !== undefined) return all; // it listens nowhere
  return all.map((word) => (word === String(containerPort(declared)) ? String(port) : word));
}

/** `command` stands for ENTRYPOINT, and with it the image's CMD counts no more; `args` stands for CMD. */
function startWords({ command, args }: Declared, image: ImageFolder): CommandLine {
  if (command !== undefined) return [...command, ...(args ?? [])];
  return args === undefined ? image.command : [...(image.entrypoint ?? []), ...args];
}

interface Wrapping {
  readonly command: CommandLine;
  readonly mounts: readonly Mount[];
  readonly cwd: string;
  readonly enter: CommandLine | undefined;
}

function wrapped(
  { isolation, world }: ContainerHost,
  { command, mounts, cwd, enter }: Wrapping,
): CommandLine {
  if (isolation.mounts) mounts.forEach(refuseObstacle);
  const root = join(world.folder, 'container-root');
  mkdirSync(root, { recursive: true });
  mkdirSync(secretRoot(world), { recursive: true, mode: 0o700 });
  const gates = enter === undefined ? [] : [gateFolder(world)];
  const view = { mounts, cwd, root, hidden: [secretRoot(world), ...gates] };
  return isolation.wrap(command, { ...view, ...(enter === undefined ? {} : { enter }) });
}

function refuseObstacle({ target }: Mount): void {
  const obstacle = mountObstacle(target);
  if (obstacle === undefined) return;
  throw new GoogleError('FAILED_PRECONDITION', `Cannot mount a volume at ${target}: ${obstacle}.`);
}
