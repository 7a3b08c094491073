import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReleaseRef } from '../deploy.ts';
import { storeConfig } from '../config/stored-config.ts';
import { Failure } from '../failure.ts';
import { bucketOwner } from '../gcp/project.ts';
import { ensureBuckets } from '../planning/ensure-buckets.ts';
import { programFile } from '../program-files.ts';
import { refuseUnlocked } from '../providers/lock-file.ts';
import { releasedConfig } from '../releases/as-released.ts';
import { gatherContents } from '../releases/contents.ts';
import { imageRoomOf } from '../releases/image-room-of.ts';
import { findRelease, storeRelease, treeOf } from '../releases/store.ts';
import { treeFacts } from '../releases/tree-facts.ts';
import type { Site } from '../site.ts';
import type { SiteAddress } from '../site-address.ts';
import { shelfAddressOf } from '../temporal/versions/shelf-address.ts';
import { treeLine } from '../tree-facts.ts';
import type { TreeFacts } from '../tree-facts.ts';
import { say } from './output/say.ts';
import type { Wish } from './start-run.ts';

/** What a caller brings to a run, so that whichever worker takes it needs no tree. */
export interface Gathered {
  readonly release?: ReleaseRef;
  readonly tree?: TreeFacts;
  readonly address: SiteAddress;
}

/**
 * Stores what the run is about where every worker finds it: the release of the caller's tree, or a
 * look at the one that is named, and the caller's windlass.yaml. Makes the two buckets where they
 * are not there, and says so; touches nothing else of the environment.
 */
export async function gather(site: Site, wish: Wish): Promise<Gathered> {
  if (madeOfTree(wish) && site.environment.target === 'cloud') refuseUnlocked(site.root, site.name);
  // What an environment lacks to be deployed is no reason not to end it.
  if (wish.kind !== 'destroy' && (await isUntouched(site))) {
    const { refuseUnready } = await import('../doctor/refuse-unready.ts'); // large, and needed once
    await refuseUnready(site);
  } else if (wish.kind === 'deploy') {
    const { refuseApisOff } = await import('../doctor/refuse-apis-off.ts');
    await refuseApisOff(site);
  }
  for (const { name, created } of await ensureBuckets(site))
    if (created) say(`made the bucket ${name}`);
  const shelf = { google: site.google, bucket: site.releaseBucket };
  const [config, brought] = await Promise.all([
    storeConfig(shelf, site.written),
    wish.kind === 'deploy' ? releaseFor(site, wish) : {},
  ]);
  return { ...brought, address: { ...shelfAddressOf(site), config } };
}

/** A release that is stored already brings the providers that it was made with. */
function madeOfTree({ kind, release, rotate }: Wish): boolean {
  return kind === 'deploy' && release === undefined && rotate === undefined;
}

/** No run has ever begun here: each keeps its release in the bucket first. */
async function isUntouched({ google, releaseBucket }: Site): Promise<boolean> {
  return (await bucketOwner(google, releaseBucket).catch(() => '')) === undefined;
}

/** The address for a drill by hand: the caller's windlass.yaml says where it may be made. */
export async function callersAddress(site: Site): Promise<SiteAddress> {
  const address = await addressFound(site);
  return address.config ? address : { ...address, standing: true };
}

/** The address for a run that nobody's tree has a say in: the release in force decides. */
export async function standingAddress(site: Site): Promise<SiteAddress> {
  return { ...(await addressFound(site)), standing: true };
}

/** Without the caller's windlass.yaml where there is no bucket to keep it in. */
async function addressFound(site: Site): Promise<SiteAddress> {
  const shelf = { google: site.google, bucket: site.releaseBucket };
  const config = await storeConfig(shelf, site.written).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'GOOGLE_NOT_FOUND') return undefined;
    throw error;
  });
  return { ...shelfAddressOf(site), ...(config && { config }) };
}

async function releaseFor(
  site: Site,
  { release: id, rotate }: Wish,
): Promise<Pick<Gathered, 'release' | 'tree'>> {
  if (rotate !== undefined) return {};
  if (id !== undefined) {
    const [release, known] = [await findRelease(site, id), await treeOf(site, id)];
    await releasedConfig(site, release); // a damaged bundle is refused here, not by a run
    return { release, ...(known && { tree: known }) };
  }
  const tree = await treeFacts(site.root);
  sayOfOwnStacks(site.root);
  const room = imageRoomOf(site, { tree, tell: say });
  const contents = await gatherContents(site.root, site.written, room);
  const release = await storeRelease(site, contents, tree);
  say(`release ${release.id}, from ${treeLine(tree)}`);
  return { release, tree };
}

/** An earlier Windlass had its Terraform copied into the project. */
function sayOfOwnStacks(root: string): void {
  const own = join(root, 'infra', 'stacks', '20-services');
  if (own !== programFile('infra', 'stacks', '20-services') && existsSync(own))
    say('infra/stacks in this project is not used: Windlass brings its Terraform itself');
}
