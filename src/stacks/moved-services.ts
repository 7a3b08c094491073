import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Caller {
  readonly calls: readonly string[];
}

/**
 * Tells Terraform that a service is the same one under whatever module it stands: those that call
 * others and those that do not were two modules once, and in an older release still are. A service
 * would be deleted and made anew otherwise, under another address. The blocks are a chain that ends
 * where the stack in `stackDir` has the service, whatever the state holds, so an undo needs nothing
 * else.
 */
export async function writeMovedServices(
  stackDir: string,
  services: Readonly<Record<string, Caller>>,
): Promise<void> {
  const main = await readFile(join(stackDir, 'main.tf'), 'utf8');
  const one = /^module "services"/m.test(main);
  const moved = Object.entries(services).flatMap(([name, { calls }]) => {
    const chain = one ? today : older(calls.length > 0);
    return chain
      .slice(1)
      .map((to, at) => ({ from: addressIn(chain[at], name), to: addressIn(to, name) }));
  });
  await writeFile(join(stackDir, 'moved.tf.json'), `${JSON.stringify({ moved }, null, 2)}\n`);
}

const today = ['callees', 'callers', 'services'];

function older(calls: boolean): readonly string[] {
  return calls ? ['services', 'callees', 'callers'] : ['services', 'callers', 'callees'];
}

function addressIn(module = '', name: string): string {
  return `module.${module}["${name}"]`;
}
