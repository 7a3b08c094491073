import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { AddressBook } from '../src/address-book.ts';

const repository = resolve(import.meta.dirname, '..');

/**
 * A copy of the project with a sandbox and a Temporal of its own, so that nothing else is touched.
 * `tree` is the checkout whose project and command line it is; without one, this.
 */
export async function openProject(tree = repository) {
  const root = await mkdtemp(join(tmpdir(), 'windlass-bench-'));
  await chmod(root, 0o755); // the database's own user must come in
  // An older tree reads its Terraform from the project.
  for (const path of ['windlass.yaml', 'infra', 'examples/wellness'])
    await cp(join(tree, path), join(root, path), { recursive: true, filter: isSource });
  const home = join(root, '.windlass');
  const { TEMPORAL_ADDRESS: _other, ...inherited } = process.env;
  const cache = join(tree, '.windlass', 'compile-cache');
  const places = { WINDLASS_ROOT: root, WINDLASS_HOME: home, NODE_COMPILE_CACHE: cache };
  const env = { ...inherited, ...places, NO_COLOR: '1' };

  const ends = (...args: readonly string[]) =>
    execa(process.execPath, [join(tree, 'src', 'cli', 'main.ts'), ...args], {
      ...{ env, extendEnv: false, reject: false, all: true },
    });

  async function succeed(args: readonly string[]) {
    const ended = await ends(...args);
    if (ended.exitCode !== 0) throw new Error(`windlass ${args.join(' ')}: ${ended.all}`);
    return ended;
  }

  const windlass = async (...args: readonly string[]): Promise<string> =>
    (await succeed(args)).stdout;
  return {
    ...{ root, home, windlass, ends },
    /** All that a command says, as somebody at the screen reads it. */
    said: async (...args: readonly string[]): Promise<string> => (await succeed(args)).all,
    book: async () =>
      AddressBook.parse(JSON.parse(await readFile(join(home, 'sandbox.json'), 'utf8'))),
    edit: async (file: string, from: string, to: string): Promise<void> => {
      const path = join(root, file);
      await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
    },
    close: async (): Promise<void> => {
      await windlass('sandbox', 'down');
      await rm(root, { recursive: true, force: true });
    },
  };
}
export type Project = Awaited<ReturnType<typeof openProject>>;

function isSource(path: string): boolean {
  return !/\/(\.venv|__pycache__|\.ruff_cache|\.terraform)(\/|$)/.test(path);
}
