import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended, Rig } from '../rig.ts';

/** A checkout with a tree of its own: the versions of its two services are no other tree's. */
export interface Checkout {
  readonly name: string;
  readonly rig: Rig;
  /** Versions of the services that the two checkouts change, as this tree has them. */
  readonly tree: Record<string, string>;
}

/** What is done beside something else. */
export type Deed = 'deploy' | 'plan' | 'rollback' | 'reconcile';

/** A command that ended, and whose it was. */
export interface Done extends Ended {
  readonly deed: Deed;
  readonly checkout: Checkout;
}

const commands: Readonly<Record<Deed, readonly string[]>> = {
  deploy: ['deploy', '--json'],
  plan: ['plan'],
  rollback: ['rollback', '--json'],
  reconcile: ['recover', '--reconcile', '--json'],
};

/** Does it by the command line, in a process of its own, from the checkout's home. */
export async function carryOut(checkout: Checkout, deed: Deed): Promise<Done> {
  const ended = await checkout.rig.windlass(...commands[deed], '-e', 'production');
  return { ...ended, deed, checkout };
}

/** Gives a service of a checkout a version that no tree ever had. */
export async function bump(checkout: Checkout, service: string, version: string): Promise<void> {
  const file = join(checkout.rig.root, 'examples', 'wellness', service, 'main.py');
  const text = await readFile(file, 'utf8');
  const changed = text.replace(/VERSION = "[^"]+"/, `VERSION = "${version}"`);
  await writeFile(file, changed);
  checkout.tree[service] = version;
}
