import { Failure } from '../failure.ts';
import { awaitApis } from '../gcp/await-apis.ts';
import { ensureBucket } from '../gcp/buckets.ts';
import { enableApis } from '../gcp/enable-apis.ts';
import { googleMember } from '../gcp/google-member.ts';
import { bucketOwner } from '../gcp/project.ts';
import { grantOnProject } from '../gcp/project-policy.ts';
import { tokenCreation, tokenCreator } from '../gcp/token-creation.ts';
import { bucketsOf } from '../planning/ensure-buckets.ts';
import type { Site } from '../site.ts';
import { apisOff } from './apis-off.ts';
import type { ApiOfProject } from './needed-apis.ts';

type Bucket = ReturnType<typeof bucketsOf>[number];

/** What a Google project lacks before its first deploy. */
export interface Lacking {
  readonly apis: readonly ApiOfProject[];
  /** Who asks may not make tokens of the project's service accounts: no owner may by itself. */
  readonly tokens: boolean;
  /** Each bucket with the project that it shall lie in. */
  readonly buckets: readonly Bucket[];
}

/** Looks which APIs are off, which role and which of the two buckets are not there; changes nothing. */
export async function whatLacks(site: Site): Promise<Lacking> {
  const [rights, buckets] = await Promise.all([lackingRights(site), lackingBuckets(site)]);
  return { ...rights, buckets };
}

/** The same without the buckets, which a run makes as well. */
export async function lackingRights(site: Site): Promise<Lacking> {
  const [apis, tokens] = await Promise.all([apisOff(site), lacksTokens(site)]);
  return { apis, tokens, buckets: [] };
}

async function lackingBuckets(site: Site): Promise<readonly Bucket[]> {
  const wanted = bucketsOf(site);
  const owners = await Promise.all(
    wanted.map(({ name }) => unlessOff(bucketOwner(site.google, name))),
  );
  return wanted.filter((_, at) => owners[at] === undefined);
}

/** Where Resource Manager is off it cannot be asked, and is asked again once that is on. */
async function lacksTokens({ google }: Site): Promise<boolean> {
  const found = await unlessOff(tokenCreation(google));
  return found === undefined || found === 'missing';
}

async function unlessOff<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'GOOGLE_API_OFF') return undefined;
    throw error;
  });
}

/**
 * Switches the APIs on and waits until they answer, grants the role and makes the buckets; tells each
 * when it is done. Safe to run twice.
 */
export async function bringAbout(
  { google }: Site,
  { apis, tokens, buckets }: Lacking,
  tell: (line: string) => void,
): Promise<void> {
  for (const project of new Set(apis.map((one) => one.project))) {
    const own = apis.filter((one) => one.project === project).map(({ api }) => api);
    await enableApis({ ...google, project }, own);
    for (const api of own) tell(`enabled ${api} in ${project}`);
    await awaitApis({ ...google, project }, own, tell);
  }
  if (tokens && (await tokenCreation(google)) === 'missing') {
    const member = await googleMember(google);
    await grantOnProject(google, { role: tokenCreator, member });
    tell(`granted ${tokenCreator} to ${member} in ${google.project}; it takes minutes to spread`);
  }
  for (const { name, project } of buckets) {
    await ensureBucket({ ...google, project }, name);
    tell(`created the bucket ${name} in ${project}`);
  }
}
