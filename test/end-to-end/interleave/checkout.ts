import { writeTree } from '../../crashes/tree.ts';
import type { Ended, Rig } from '../rig.ts';

/** A checkout with a tree of its own: the versions of its two services are no other tree's. */
export interface Checkout {
  readonly name: string;
  readonly rig: Rig;
  /** Versions of the services that the two checkouts change, as this tree has them. */
  readonly tree: Record<string, string>;
}

/** What is done beside something else. */
export type Deed = 'deploy' | 'plan' | 'rollback' | 'stop' | 'reconcile';

/** A command that ended, and whose it was. */
export interface Done extends Ended {
  readonly deed: Deed;
  readonly checkout: Checkout;
}

const commands: Readonly<Record<Deed, readonly string[]>> = {
  deploy: ['deploy', '--json'],
  plan: ['plan'],
  rollback: ['rollback', '--json'],
  stop: ['cancel', '--reason', 'interleaved', '--yes', '--json'],
  reconcile: ['recover', '--reconcile', '--json'],
};

/** Does it by the command line, in a process of its own, from the checkout's home. */
export async function carryOut(checkout: Checkout, deed: Deed): Promise<Done> {
  const ended = await checkout.rig.windlass(...commands[deed], '-e', 'production');
  return { ...ended, deed, checkout };
}

/** Gives a service of a checkout a version that no tree ever had, and its settings a number. */
export async function bump(
  { rig, tree }: Checkout,
  service: string,
  [round, side]: readonly [number, number],
): Promise<void> {
  tree[service] = `${round}.${side}`;
  await writeTree(rig.root, { number: round * 10 + side, migrations: [], versions: tree });
}
