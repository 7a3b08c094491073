import { Failure } from '../failure.ts';
import { readLedger } from '../releases/ledger.ts';
import { storedFiles } from '../releases/stored-files.ts';
import { gatherContents, releaseId } from '../releases/contents.ts';
import { imageRoomOf } from '../releases/image-room-of.ts';
import { standingOf } from '../releases/standing.ts';
import { findRelease } from '../releases/store.ts';
import { treeFacts } from '../releases/tree-facts.ts';
import type { Site } from '../site.ts';
import { say } from './output/say.ts';

/** A release with all its files. */
export interface NamedRelease {
  readonly id: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** Throws where a word names no release: before anything is asked. */
export function requireReleaseName(word: string): void {
  if (word === 'current' || word === 'tree' || /^r-[0-9a-f]{12}$/.test(word)) return;
  throw new Failure({
    code: 'USAGE',
    what: `'${word}' does not name a release`,
    why: 'a release is named by its id (r- and 12 digits), or by `current` or `tree`',
    fix: 'List the releases with `windlass releases list -e ENVIRONMENT`.',
  });
}

/** The release of that id, the one in force (`current`), or what a deploy of this tree would make (`tree`). */
export async function namedRelease(site: Site, word: string): Promise<NamedRelease> {
  if (word === 'tree') return ofTree(site);
  const release = word === 'current' ? await inForce(site) : await findRelease(site, word);
  return { id: release.id, files: await storedFiles(site, release) };
}

async function ofTree(site: Site): Promise<NamedRelease> {
  const room = imageRoomOf(site, { tree: await treeFacts(site.root), tell: say });
  const { files } = await gatherContents(site.root, site.written, room);
  return { id: releaseId(files), files };
}

async function inForce(site: Site) {
  const standing = standingOf(await readLedger(site));
  if (standing) return standing.release;
  throw new Failure({
    code: 'NOTHING_DEPLOYED',
    what: `Nothing has been deployed to ${site.name}`,
    why: 'its ledger has no release that is in force',
    fix: `Deploy first: \`make ${site.name}-deploy\`.`,
  });
}
