import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AddressBook } from '../../src/address-book.ts';
import { siteOf } from '../../src/endpoints.ts';
import { controlSandbox } from '../../src/sandbox-control.ts';
import { writeTree } from './tree.ts';
import type { Tree } from './tree.ts';

const repository = resolve(import.meta.dirname, '..', '..');

/** A command of the lane that runs, or has ended. */
export interface Command {
  readonly pid: number;
  /** All that it has said so far. */
  readonly said: () => string;
  readonly ended: Promise<{ readonly exitCode: number; readonly said: string }>;
}

/** How a lane is laid out. */
export interface LaneOptions {
  /** The workflows as one file. */
  readonly bundle: string;
  /** A folder that is there already, such as a small disk. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The fixture's project with a sandbox, a Temporal, a worker and a folder for temporary files of its own. */
export async function openLane({ bundle, root: given, env: more }: LaneOptions) {
  const root = given ?? (await mkdtemp(join(tmpdir(), 'wl-crash-')));
  const home = join(root, '.windlass');
  await chmod(root, 0o755); // the database's own user must come in
  await mkdir(join(root, 'tmp'), { recursive: true, mode: 0o1777 });
  await chmod(join(root, 'tmp'), 0o1777);
  const env = { ...surroundings({ root, home, bundle }), ...more };
  const start = (...args: readonly string[]): Command => startWindlass(env, args);
  const windlass = async (...args: readonly string[]) => start(...args).ended;
  return {
    ...{ root, home, env, start, windlass },
    site: () => siteOf({ root, home }, 'production'),
    write: (tree: Tree) => writeTree(root, tree),
    book: async () =>
      AddressBook.parse(JSON.parse(await readFile(join(home, 'sandbox.json'), 'utf8'))),
    /** Lets the next revision of the journal answer wrongly, so that the smoke test fails. */
    plantFailure: async (): Promise<void> => {
      const body = { service: 'journal', times: 1 };
      const { ok } = await controlSandbox(home, '/faults/smoke', { method: 'PUT', body });
      if (!ok) throw new Error('the sandbox refused the fault');
    },
    mend: async (): Promise<void> => {
      await controlSandbox(home, '/faults/smoke', { method: 'DELETE' });
    },
    close: async (): Promise<void> => {
      await windlass('sandbox', 'down');
      if (given === undefined) await rm(root, { recursive: true, force: true });
    },
  };
}

export type Lane = Awaited<ReturnType<typeof openLane>>;

function surroundings(at: { root: string; home: string; bundle: string }) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(TEMPORAL_|WINDLASS_|VITEST|NODE_OPTIONS)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    WINDLASS_ROOT: at.root,
    WINDLASS_HOME: at.home,
    WINDLASS_WORKFLOW_BUNDLE: at.bundle,
    WINDLASS_ACTOR: 'crashes',
    TMPDIR: join(at.root, 'tmp'),
    NO_COLOR: '1',
  };
}

function startWindlass(env: NodeJS.ProcessEnv, args: readonly string[]): Command {
  const main = join(repository, 'src', 'cli', 'main.ts');
  const child = spawn(process.execPath, [main, ...args], {
    ...{ env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<{ exitCode: number; said: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => setTimeout(() => resolve({ exitCode: code ?? -1, said }), 50));
  });
  return { pid: child.pid ?? -1, said: () => said, ended };
}
