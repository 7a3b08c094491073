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
import { writeLog } from './logs.ts';
import { type CommandLine, type Isolation, type Mount, mountObstacle } from './mount-namespace.ts';
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
  /** `host:port` of the metadata server that speaks for one service account. */
  readonly metadataHost: (account: string, project: string) => Promise<string>;
}

/** A started container; `port` is the one that it was told to listen on. */
export interface Container {
  readonly port: number;
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
  const image = await imageOf(world, revision.name, declared.image);
  const mounts = writeSecretFolder(world, revision);
  const port = await instancePort();
  const env = await processEnvironment(host, revision, { port, imageEnv: image.env ?? [] });
  const command = revision.fault === 'crash' ? crashing : words(declared, image, port);
  const started = await runProcess({
    command: wrapped(host, { command, mounts, cwd: image.folder }),
    env,
    cwd: image.folder,
    onLine: ({ stream, text }) => writeLog(world, revision, stream, { text }),
  });
  rememberProcess(world, started.pid);
  void held(started.exited.then(() => forgetProcess(world, started.pid)));
  return { port, process: started };
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
function words(declared: Declared, image: ImageFolder, port: number): CommandLine {
  const all = startWords(declared, image);
  return all.map((word) => (word === String(containerPort(declared)) ? String(port) : word));
}

/** `command` stands for ENTRYPOINT, and with it the image's CMD counts no more; `args` stands for CMD. */
function startWords({ command, args }: Declared, image: ImageFolder): CommandLine {
  if (command !== undefined) return [...command, ...(args ?? [])];
  return args === undefined ? image.command : [...(image.entrypoint ?? []), ...args];
}

function wrapped(
  { isolation, world }: ContainerHost,
  what: { readonly command: CommandLine; readonly mounts: readonly Mount[]; readonly cwd: string },
): CommandLine {
  const { command, mounts, cwd } = what;
  if (isolation.mounts) mounts.forEach(refuseObstacle);
  const root = join(world.folder, 'container-root');
  mkdirSync(root, { recursive: true });
  mkdirSync(secretRoot(world), { recursive: true, mode: 0o700 });
  return isolation.wrap(command, { mounts, cwd, root, hidden: secretRoot(world) });
}

function refuseObstacle({ target }: Mount): void {
  const obstacle = mountObstacle(target);
  if (obstacle === undefined) return;
  throw new GoogleError('FAILED_PRECONDITION', `Cannot mount a volume at ${target}: ${obstacle}.`);
}
