import { siteOf } from '../endpoints.ts';
import { returnToV1 } from '../migration/return-to-v1.ts';
import { projectPlace } from '../place.ts';
import { answer, say } from './output/say.ts';
import { preflight } from '../doctor/preflight.ts';
import { refuseBusy } from './refuse-busy.ts';

/** Has the services of an environment run on API v1, so that their migration can be tried. */
export async function runOnV1({ environment }: { readonly environment: string }): Promise<void> {
  const site = await siteOf(projectPlace(), environment);
  say(`${environment}: ${site.banner}`);
  await preflight();
  await refuseBusy(environment);
  const runId = `v1-${new Date().toISOString().replaceAll(/\D/g, '')}`;
  const names = await returnToV1(site, runId);
  answer(
    `${names.length} services of ${environment} run as google_cloud_run_service: ${names.join(' ')}`,
  );
  answer(`Next: make ${environment}-migrate-v1 ARGS=--plan-only`);
}
