import { ensureBucket } from '../../src/gcp/buckets.ts';
import { accessVersion, newestEnabled } from '../../src/gcp/secrets.ts';
import type { Work } from '../../activities/edge.ts';
import type { Site } from '../../src/site.ts';
import { openGoogle } from '../gcp/google-door.ts';
import { openStandIn, opened, readyProject } from '../sandbox/supabase/stand-in.ts';
import { openCountingDoor } from '../supabase/counting-door.ts';
import { siteAt } from './site.ts';

const production = 'wellness-production';

/** Production at Google's and Supabase's stand-ins, with its buckets and secrets, nothing deployed. */
export async function openTwoClouds() {
  const google = await openGoogle({ run: true });
  const standIn = await openStandIn();
  const door = await openCountingDoor(standIn.supabase.managementUrl);
  const { token } = standIn.supabase;
  await google.call('PUT', '/_sandbox/projects/demo-prod');
  const site: Site = await siteAt(standIn.folder, {
    google: {
      url: google.access.endpoints.resourceManager,
      token: google.access.token,
    },
    supabase: {
      api: door.url,
      token: async () => token,
      projectUrl: async (ref) => (await opened(standIn.api, ref)).url,
      databaseCa: standIn.supabase.databaseCa,
    },
  });
  for (const bucket of [site.stateBucket, site.releaseBucket])
    await ensureBucket(site.google, bucket);
  return {
    ...{ google, standIn, door, site },
    /** The secrets that the foundation makes, still empty. */
    makeSecrets: async (ids: readonly string[]): Promise<void> => {
      for (const id of ids)
        await google.call('POST', `/v1/projects/demo-prod/secrets?secretId=${id}`, {
          replication: { automatic: {} },
        });
    },
    newest: async (secret: string): Promise<string | undefined> => {
      const version = await newestEnabled(site.google, secret);
      if (version === undefined) return undefined;
      return String(await accessVersion(site.google, { secret, version }));
    },
    work: (): Work => {
      const { signal } = new AbortController();
      return { site, signal, leave: signal, beat: () => undefined, key: 'run/test', attempt: 1 };
    },
    /** What nobody here made: a project of somebody else's in the same organization. */
    foreignProject: () => readyProject(standIn.api, production),
    close: async (): Promise<void> => {
      await door.close();
      await standIn[Symbol.asyncDispose]();
      await google.close();
    },
  };
}
export type TwoClouds = Awaited<ReturnType<typeof openTwoClouds>>;
