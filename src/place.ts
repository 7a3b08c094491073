import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Place } from './endpoints.ts';
import { Failure } from './failure.ts';

/**
 * The project (the folder of the nearest windlass.yaml, from the current one upwards, or what
 * `WINDLASS_ROOT` names), and the folder of what this machine may lose (`WINDLASS_HOME`).
 */
export function projectPlace(): Place {
  const place = placeHere();
  if (place) return place;
  throw new Failure({
    code: 'NO_PROJECT',
    what: 'No project found',
    why: `neither ${process.cwd()} nor a folder above it holds a windlass.yaml`,
    fix: 'Change into a folder of your project, or create one in this folder: `windlass init`.',
  });
}

/** The project, as above; undefined where there is none. */
export function placeHere(): Place | undefined {
  const root = process.env['WINDLASS_ROOT'] ?? nearest(process.cwd());
  if (root === undefined) return undefined;
  const home = process.env['WINDLASS_HOME'] ?? join(root, '.windlass');
  return { root: resolve(root), home: resolve(home) };
}

function nearest(folder: string): string | undefined {
  if (existsSync(join(folder, 'windlass.yaml'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : nearest(above);
}
