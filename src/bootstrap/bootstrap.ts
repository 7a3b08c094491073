import { ensureBucket } from '../gcp/buckets.ts';
import { enableApi } from '../gcp/enable-api.ts';
import { enabledApis } from '../gcp/enabled-apis.ts';
import { bucketOwner } from '../gcp/project.ts';
import { bucketsOf } from '../planning/ensure-buckets.ts';
import type { Site } from '../site.ts';
import { buildApi, neededApis } from './needed-apis.ts';

/** What a Google project lacks before its first deploy. */
export interface Lacking {
  readonly apis: readonly string[];
  /** Each bucket with the project that it shall lie in. */
  readonly buckets: readonly { readonly name: string; readonly project: string }[];
}

/** Looks which APIs are off and which of the two buckets are not there; changes nothing. */
export async function whatLacks(site: Site): Promise<Lacking> {
  const { google, config } = site;
  const wanted = bucketsOf(site);
  const [on, owners] = await Promise.all([
    enabledApis(google),
    Promise.all(wanted.map(({ name }) => bucketOwner(google, name))),
  ]);
  const builds = Object.values(config.services).some(({ image }) => image === undefined);
  const apis = [...neededApis, ...(builds ? [buildApi] : [])];
  return {
    apis: apis.filter((api) => !on.includes(api)),
    buckets: wanted.filter((_, at) => owners[at] === undefined),
  };
}

/**
 * Switches the APIs on, one after the other, until Google says so, and makes the buckets; tells each
 * when it is done. Safe to run twice.
 */
export async function bringAbout(
  { google }: Site,
  { apis, buckets }: Lacking,
  tell: (line: string) => void,
): Promise<void> {
  for (const api of apis) {
    await enableApi(google, api);
    tell(`enabled ${api}`);
  }
  for (const { name, project } of buckets) {
    await ensureBucket({ ...google, project }, name);
    tell(`created the bucket ${name} in ${project}`);
  }
}
