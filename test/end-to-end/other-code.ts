import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Rig, Ended } from './rig.ts';
import { runWindlass } from './rig.ts';

const repository = resolve(import.meta.dirname, '..', '..');
const first = "    {\n      id: 'plan',";
const before = `    {
      id: 'look',
      title: 'Look before anything else',
      run: async (d) => (await instant.statesMoved(d), {}),
      undo: { none: 'read-only' },
    },
`;

/** A Windlass of another day, on the project and the home of a rig. */
export interface OtherCode {
  readonly windlass: (...args: string[]) => Promise<Ended>;
  readonly remove: () => Promise<void>;
}

/** A text of a file that another Windlass has otherwise; it must be there. */
interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * A copy of this Windlass whose deploys begin with a step more: it cannot go on with a history of
 * ours, nor we with one of its (TMPRL1100).
 */
export async function otherCode(rig: Rig): Promise<OtherCode> {
  return codeWith(rig, { file: 'workflows/deploy.ts', from: first, to: before + first });
}

/** A copy of this Windlass in which one file is another. */
export async function codeWith(rig: Rig, { file, from, to }: Edit): Promise<OtherCode> {
  const root = await mkdtemp(join(tmpdir(), 'windlass-other-'));
  for (const folder of ['src', 'workflows', 'activities', 'infra'])
    await cp(join(repository, folder), join(root, folder), { recursive: true });
  for (const name of ['sandbox', 'tools', 'node_modules', 'package.json'])
    await symlink(join(repository, name), join(root, name));
  const text = await readFile(join(root, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  await writeFile(join(root, file), text.replace(from, to));
  const { WINDLASS_WORKFLOW_BUNDLE: _ours, ...env } = rig.env;
  await mkdir(rig.home, { recursive: true });
  return {
    windlass: (...args) => runWindlass(env, args, root),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
