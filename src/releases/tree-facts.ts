import { z } from 'zod';
import type { TreeFacts } from '../tree-facts.ts';

/** The same facts as a ledger entry or an object's metadata holds them. */
export const WrittenTree = z.union([
  z.object({ commit: z.string(), branch: z.string().nullable(), dirty: z.boolean() }),
  z.object({ none: z.string().describe('why there is no commit, in words') }),
]);

/** Asks git about the tree below `root`; where git cannot tell, the reason why. */
export async function treeFacts(root: string): Promise<TreeFacts> {
  const git = gitIn(root);
  const inside = await git('rev-parse', '--is-inside-work-tree');
  if (inside.missing) return { none: 'git is not installed' };
  if (inside.out !== 'true') return { none: 'not a git checkout' };
  const commit = await git('rev-parse', '--verify', '--quiet', 'HEAD');
  if (commit.out === undefined) return { none: 'a git checkout without a commit' };
  const tracked = await git('ls-files', '--error-unmatch', 'windlass.yaml');
  if (tracked.out === undefined) return { none: 'windlass.yaml is not in git' };
  const [branch, changes] = await Promise.all([
    git('symbolic-ref', '--quiet', '--short', 'HEAD'),
    git('status', '--porcelain', '--', '.', ':(exclude).windlass'),
  ]);
  return { commit: commit.out, branch: branch.out ?? null, dirty: changes.out !== '' };
}

/** The facts as an object's own metadata. */
export function treeMetadata(facts: TreeFacts): Readonly<Record<string, string>> {
  return { tree: JSON.stringify(facts) };
}

/** The facts that an object's metadata holds; undefined where it has none that can be read. */
export function treeInMetadata(
  metadata: Readonly<Record<string, string>> | undefined,
): TreeFacts | undefined {
  try {
    return WrittenTree.safeParse(JSON.parse(metadata?.['tree'] ?? '')).data;
  } catch {
    return undefined;
  }
}

/** Git in a folder; `out` is undefined where it failed. A hook's own variables are left out. */
function gitIn(root: string) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')),
  );
  return async (...args: readonly string[]) => {
    const { execa } = await import('execa');
    const ended = await execa('git', ['-C', root, '--no-optional-locks', ...args], {
      ...{ env, extendEnv: false, reject: false },
    });
    const missing = ended.code === 'ENOENT';
    return { out: ended.exitCode === 0 ? ended.stdout : undefined, missing };
  };
}
