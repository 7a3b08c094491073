import { z } from 'zod';
import type { Difference } from './difference.ts';
import { changedLeaves, leavesOf } from './leaves.ts';
import type { ReleaseParts } from './release-parts.ts';

/** Versions of the tools that the releases were made with, and of the form of their bundles. */
export function compareTools(before: ReleaseParts, after: ReleaseParts): readonly Difference[] {
  return changedLeaves(toolsOf(before), toolsOf(after)).map(({ path: name, ...change }) => ({
    area: 'tools',
    name,
    ...change,
  }));
}

function toolsOf({ files }: ReleaseParts): ReadonlyMap<string, string> {
  const tools = leavesOf(objectIn(files.get('tools.json')));
  return new Map([...tools, ...leavesOf(objectIn(files.get('format.json')), 'bundle')]);
}

// They are no part of what is deployed: one that cannot be read is as one that is not there.
function objectIn(content: Buffer | undefined): unknown {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(String(content))).data;
  } catch {
    return undefined;
  }
}
