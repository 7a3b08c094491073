import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { migrateV1 } from '../../migration/migrate-v1.ts';
import { projectPlace } from '../../place.ts';
import { actor, environmentOption } from '../options.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { refuseBusy } from '../refuse-busy.ts';
import { preflight } from '../../doctor/preflight.ts';

/** `windlass migrate-v1`: services that run as `google_cloud_run_service` become v2, in place. */
export function migrateV1Command() {
  return new Command('migrate-v1')
    .description('migrate services from Cloud Run API v1 to v2 without recreating them')
    .addOption(environmentOption())
    .option('--plan-only', 'check the plan, apply nothing')
    .option('--json', 'the proof as JSON')
    .action(async ({ environment, planOnly, json }) => {
      const site = await siteOf(projectPlace(), environment);
      say(`${environment}: ${site.banner}`);
      await preflight();
      await refuseBusy(environment);
      const runId = `migrate-v1-${new Date().toISOString().replaceAll(/\D/g, '')}`;
      const done = await migrateV1(site, { runId, actor: actor(), planOnly, say });
      if (json) return answerJson(done);
      for (const [name, { uid, createTime }] of Object.entries(done.services))
        answer(`${name.padEnd(12)} ${uid}  since ${createTime}`);
      answer(
        done.applied
          ? `${environment} is on v2. Run \`windlass deploy -e ${environment}\` next.`
          : 'Nothing was applied.',
      );
    });
}
