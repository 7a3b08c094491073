import type { Plan } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { putOnce } from '../gcp/objects.ts';
import { canonical } from '../canonical.ts';
import { stateMarks } from '../planning/state-marks.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { destroyLines } from './destroy-lines.ts';
import type { Inventory } from './inventory.ts';

/** What stands for an inventory in what a person confirms; the buckets are looked at when they go. */
export function inventoryDigest({ owned, foreign, byHand }: Inventory): string {
  const things = owned
    .filter(({ kind }) => kind !== 'bucket')
    .map(({ kind, name }) => `${kind} ${name}`);
  return sha256(canonical({ owned: things.toSorted(), foreign: foreign.toSorted(), byHand }));
}

/** Refuses to destroy anything but what was shown to whoever confirmed it. */
export function refuseOtherInventory(site: Site, shown: string, now: Inventory): void {
  if (shown === inventoryDigest(now)) return;
  throw new Failure({
    code: 'DESTROY_OUTDATED',
    what: `${site.name} is no longer what you confirmed; nothing was destroyed`,
    why: 'something was made or removed since the list was shown',
    fix: `Run the command again, and look at the new list: \`windlass destroy -e ${site.name}\`.`,
  });
}

/** The destruction as a plan that can be approved. */
export async function planOfDestruction(
  site: Site,
  runId: string,
  inventory: Inventory,
): Promise<Plan> {
  const digest = inventoryDigest(inventory);
  const destroys = destroyLines(inventory);
  const object = `plans/${runId}/destroy-${digest.slice(0, 12)}.json`;
  const content = Buffer.from(`${JSON.stringify({ version: 1, destroys }, null, 2)}\n`);
  await putOnce(site.google, { bucket: site.releaseBucket, name: object }, content);
  const changes = inventory.owned.length;
  return {
    digest,
    destroys,
    details: { object, sha256: sha256(content) },
    states: await stateMarks(site),
    ...{ stacks: [], migrations: [], settings: [], promote: [], missingSecrets: [] },
    secretVersions: inventory.secretVersions,
    cost: { fixed: 0, unknown: [] },
    unchanged: false,
    undo: {
      ...{ changes, coveragePercent: 0, seconds: 0, basis: 'defaults' },
      ...{ ways: {}, pointsOfNoReturn: [] },
    },
  };
}
