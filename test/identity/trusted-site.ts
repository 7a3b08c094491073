import { randomUUID } from 'node:crypto';
import type { Config } from '../../src/config/config.ts';
import type { ReleaseRef } from '../../src/deploy.ts';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import { dropAnchor } from '../../src/identity/anchor.ts';
import { appendToLedger } from '../../src/releases/ledger.ts';
import { releaseId } from '../../src/releases/contents.ts';
import { storeRelease } from '../../src/releases/store.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

type Environment = Config['environments'][string];

/** What an environment says of its people, over what the sample says. */
export interface Stated extends Pick<Environment, 'people' | 'approval'> {
  readonly secondPerson?: boolean;
}

/** An environment with buckets of its own behind a real door to storage. */
export async function openTrusted(door: GoogleDoor): Promise<Site> {
  const token = door.access.token;
  const supabase = { api: 'http://nowhere', token, projectUrl: async () => 'http://nowhere' };
  const usual = await siteAt('/nowhere', { google: { url: '', token }, supabase });
  const releaseBucket = `trust-${randomUUID()}`;
  const stateBucket = `${releaseBucket}-state`;
  for (const bucket of [releaseBucket, stateBucket]) await ensureBucket(door.access, bucket);
  return { ...usual, google: door.access, releaseBucket, stateBucket };
}

/** A stored release whose windlass.yaml states this. */
export async function stored(site: Site, stated: Stated): Promise<ReleaseRef> {
  const { secondPerson = false, ...of } = stated;
  const { config } = site;
  const { people: _none, ...rest } = site.environment;
  const environment = { ...rest, ...of };
  const whole = {
    ...config,
    approval: { ...config.approval, secondPerson },
    environments: { ...config.environments, [site.name]: environment },
  };
  const files = new Map([['windlass.json', Buffer.from(JSON.stringify(whole))]]);
  const release = await storeRelease(site, { files, images: {}, built: {} });
  return { ...release, id: releaseId(files) };
}

/** Writes into the ledger that a release was deployed, or gone back to, and succeeded. */
export async function succeeded(
  site: Site,
  release: ReleaseRef,
  kind: 'deploy' | 'rollback' = 'deploy',
): Promise<void> {
  await dropAnchor(site); // as the first start by people who are named does
  await appendToLedger(site, {
    at: new Date().toISOString(),
    runId: randomUUID(),
    ...{ kind, actor: 'test', outcome: 'succeeded', release },
    ...{ secretVersions: {}, revisions: {}, traffic: {}, left: [] },
  });
}
