import { relative } from 'node:path';
import { programFile } from '../program-files.ts';

/** How this very program is called in a project: what a user types, and a Makefile holds. */
export function typedIn(root: string): string {
  const way = relative(root, programFile());
  if (way === '') return 'bin/windlass';
  // Never by a name that npx would fetch from a registry.
  return way.startsWith('node_modules') ? 'npx --no -- windlass' : 'windlass';
}
