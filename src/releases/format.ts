import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config/config.ts';
import { Failure } from '../failure.ts';
import { readStored } from '../stored-json.ts';

/**
 * The form of a release's bundle. 1: every service answers /readyz as docs/smoke.md tells of older
 * releases. 2: readiness and smoke tests are what its windlass.yaml states, and nothing else. 3: the
 * revisions of a service may be plain SQL. 4: a program of the user's may move its schema.
 */
export const releaseFormat = 4;

/** The lowest form that can hold this: what an older Windlass can read stays readable to it. */
export function formatOf({ services }: Pick<Config, 'services'>): number {
  const said = Object.values(services).flatMap(({ migrations }) =>
    typeof migrations === 'object' ? [migrations.tool] : [],
  );
  if (said.includes('command')) return 4;
  return said.length > 0 ? 3 : 2;
}

const Format = z.object({ version: z.number() });

/** The file of a bundle that says its form; those of form 1 have none. */
export const formatFile = 'format.json';

/** The form of an unpacked bundle; a Failure where a newer Windlass made it. */
export async function readFormat(folder: string): Promise<number> {
  const text = await readFile(join(folder, formatFile), 'utf8').catch(() => undefined);
  if (text === undefined) return 1;
  const what = 'The form of the release';
  const known = { newest: Number.MAX_SAFE_INTEGER, fix: 'Deploy the tree again.' };
  const { version } = readStored(text, { schema: Format, what, where: formatFile, ...known });
  if (version <= releaseFormat) return version;
  throw new Failure({
    code: 'FORMAT_NEWER',
    what: 'A newer Windlass made this release',
    why: `its bundle has the form ${version}, this one reads ${releaseFormat}`,
    fix: 'Use a Windlass, and a worker, of that version or later.',
  });
}
