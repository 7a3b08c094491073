import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from './endpoints.ts';

/** The project's folder, and the folder of what this machine may lose (`WINDLASS_HOME`). */
export function projectPlace(): Place {
  const root = resolve(
    process.env['WINDLASS_ROOT'] ?? fileURLToPath(new URL('..', import.meta.url)),
  );
  return { root, home: resolve(process.env['WINDLASS_HOME'] ?? `${root}/.windlass`) };
}
