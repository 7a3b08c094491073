import { environmentOf, readConfig } from '../../config/read-config.ts';
import { googleAt } from '../../endpoints.ts';
import type { Place } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import type { ShelfAddress } from '../../site-address.ts';
import { fetchBundle } from './bundle-store.ts';
import type { Store } from './bundle-store.ts';
import { shortBuild, wayOut } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import type { OpenRun } from './open-runs.ts';
import { shelfAddressOf } from './shelf-address.ts';
import { shelve, shelved } from './shelf.ts';

/**
 * The bundle that runs are bound to: this machine's copy, else the one in a release bucket that a
 * run names. A Failure says why it cannot be had.
 */
export async function obtainBundle(
  place: Place,
  buildId: string,
  runs: readonly Pick<OpenRun, 'workflowId' | 'codeAt'>[],
): Promise<Bundle> {
  const here = await shelved(place.home, buildId);
  if (here) return here;
  let last: unknown;
  for (const run of runs) {
    const address = await addressOf(place, run);
    if (address === undefined) continue;
    try {
      const bundle = await fetchBundle(await storeAt(place, address), buildId);
      await shelve(place.home, bundle);
      return bundle;
    } catch (error) {
      last = error;
    }
  }
  throw last ?? nowhere(buildId);
}

/** The door to the release bucket of an address. */
export async function storeAt(place: Place, address: ShelfAddress): Promise<Store> {
  return { google: await googleAt(place, address.target, address), bucket: address.bucket };
}

/** Where a run's bundle lies: as its start said, else as windlass.yaml says of its environment. */
export async function addressOf(
  { root }: Place,
  { workflowId, codeAt }: Pick<OpenRun, 'workflowId' | 'codeAt'>,
): Promise<ShelfAddress | undefined> {
  if (codeAt) return codeAt;
  try {
    const config = await readConfig(root);
    const environment = environmentOf(config, workflowId.split('/')[1] ?? '');
    return shelfAddressOf({ config, environment });
  } catch {
    return undefined; // a worker without a tree, or a run of another project
  }
}

function nowhere(buildId: string): Failure {
  return new Failure({
    code: 'BUNDLE_GONE',
    what: `The workflow code ${shortBuild(buildId)} of an open run is missing`,
    why: 'this machine has no copy, and the run names no bucket that keeps one',
    fix: wayOut,
  });
}
