import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Caller {
  readonly calls: readonly string[];
}

/**
 * Tells Terraform that a service which begins or ceases to call others is still the same one, only
 * under its other module: else it would be deleted and made anew, under another address. True in
 * both directions and whatever the state holds, so an undo needs nothing else.
 */
export async function writeMovedTiers(
  stackDir: string,
  services: Readonly<Record<string, Caller>>,
): Promise<void> {
  const moved = Object.entries(services).map(([name, { calls }]) => {
    const [from, to] = calls.length > 0 ? ['callees', 'callers'] : ['callers', 'callees'];
    return { from: `module.${from}["${name}"]`, to: `module.${to}["${name}"]` };
  });
  await writeFile(join(stackDir, 'moved.tf.json'), `${JSON.stringify({ moved }, null, 2)}\n`);
}
