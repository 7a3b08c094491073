import { cp, mkdir, mkdtemp, readFile, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { AddressBook } from '../../src/address-book.ts';
import { workerPid } from '../../src/cli/worker-process.ts';
import { siteOf } from '../../src/endpoints.ts';
import { worldFingerprint } from '../../src/fingerprint/world.ts';
import { endRuns } from './end-runs.ts';
import { keepFewServices } from './few-services.ts';
import { lane } from './lane.ts';
import { replayRuns } from './replay-runs.ts';
import { bundleFile, ensureBundle } from './workflow-bundle.ts';

const repository = resolve(import.meta.dirname, '..', '..');
let counter = 0;

/** What a command said and how it ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly all: string;
}

/** Where a rig stands and what it is for. */
export interface RigOptions {
  /** A folder of the caller's choice that is not there yet. */
  readonly root?: string;
  /** The first is the one that is meant where none is named. */
  readonly environments?: readonly string[];
  /** `own`: the one of the rig's sandbox instead of the one that the whole run shares. */
  readonly temporal?: 'own';
  /** Another rig, whose sandbox this one uses: two checkouts, one cloud. */
  readonly beside?: Rig;
  /** The namespace of the run's Temporal; default: the lane's. */
  readonly namespace?: string;
  /** Five of the sample's eight services. */
  readonly few?: boolean;
  /** More variables for every command. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A project of its own with a sandbox of its own: windlass.yaml and the sample are copies that a
 * test may change. Temporal is the run's, the queue is the rig's. `close` ends everything.
 */
export async function openRig(options: RigOptions = {}) {
  await ensureBundle();
  const root = options.root ?? (await mkdtemp(join(tmpdir(), 'windlass-e2e-')));
  await mkdir(join(root, 'examples'), { recursive: true });
  await chmod(root, 0o755);
  await cp(join(repository, 'windlass.yaml'), join(root, 'windlass.yaml'));
  if (options.few === true) await keepFewServices(root);
  await cp(join(repository, 'examples', 'wellness'), join(root, 'examples', 'wellness'), {
    recursive: true,
    filter: (path) => !/\/(\.venv|__pycache__|\.ruff_cache)(\/|$)/.test(path),
  });
  return rigAt(root, options);
}

/** The rig of a project that is there already. */
export function rigAt(root: string, options: RigOptions = {}) {
  counter += 1;
  const home = join(root, '.windlass');
  const env: Record<string, string> = {
    WINDLASS_ROOT: root,
    WINDLASS_HOME: home,
    // A world's open runs wait on the queue that everybody has.
    ...(options.temporal !== 'own' && { WINDLASS_TASK_QUEUE: `rig-${process.pid}-${counter}` }),
    WINDLASS_ACTOR: 'rig',
    WINDLASS_WORKFLOW_BUNDLE: bundleFile(),
    NO_COLOR: '1',
    // The same on every machine; the test of containers says otherwise.
    WINDLASS_BUILDER: 'none',
    ...(options.temporal !== 'own' && {
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: options.namespace ?? lane,
    }),
    ...(options.beside && { WINDLASS_SANDBOX_HOME: options.beside.home }),
    ...options.env,
  };

  const windlass = (...args: string[]): Promise<Ended> => runWindlass(env, args);

  /** The doors of an environment, as an activity would get them. */
  const site = (name = options.environments?.[0] ?? 'production') =>
    siteOf({ root, home: options.beside?.home ?? home }, name);

  return {
    root,
    home,
    env,
    windlass,
    site,
    fingerprint: async (name?: string) => worldFingerprint(await site(name)),
    book: async () =>
      AddressBook.parse(JSON.parse(await readFile(join(home, 'sandbox.json'), 'utf8'))),
    /** Replaces a text in a file of the project; the text must be there. */
    edit: async (file: string, from: string, to: string): Promise<void> => {
      const path = join(root, file);
      const before = await readFile(path, 'utf8');
      if (!before.includes(from)) throw new Error(`${file} does not hold ${from}`);
      await writeFile(path, before.replaceAll(from, to));
    },
    /** Kills the rig's worker as a crash would: without a word. */
    killWorker: async (): Promise<void> => {
      const pid = await workerPid({ root, home });
      if (pid === undefined) throw new Error('the rig has no worker');
      process.kill(pid, 'SIGKILL');
    },
    close: async (): Promise<void> => {
      await windlass('sandbox', 'down');
      await endRuns(env);
      await rm(root, { recursive: true, force: true });
      await replayRuns(env);
    },
  };
}

/** Runs the command line in a project and home of the caller's choice; `code` = another Windlass. */
export async function runWindlass(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  code: string = repository,
): Promise<Ended> {
  const main = join(code, 'src', 'cli', 'main.ts');
  const ended = await execa(process.execPath, [main, ...args], {
    ...{ env, reject: false, all: true, timeout: 240_000 },
  });
  const { exitCode = -1, stdout, stderr, all } = ended;
  return { exitCode, stdout, stderr, all };
}

export type Rig = ReturnType<typeof rigAt>;
