import { Command } from '@commander-js/extra-typings';
import { bringAbout, whatLacks } from '../../bootstrap/bootstrap.ts';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { confirm } from '../confirm.ts';
import { environmentOption } from '../options.ts';
import { answer, say } from '../output/say.ts';

/** `windlass bootstrap`: what a new Google project needs before its first deploy, as the person who asks. */
export function bootstrapCommand() {
  return new Command('bootstrap')
    .description('enable the APIs and create the buckets of a new Google project')
    .addOption(environmentOption())
    .option('-y, --yes', 'do not ask')
    .action(async ({ environment, yes = false }) => {
      const site = await siteOf(projectPlace(), environment);
      say(`${environment}: ${site.banner}`);
      const lacking = await whatLacks(site);
      for (const api of lacking.apis) answer(`to enable   ${api}`);
      for (const { name, project } of lacking.buckets)
        answer(`to create   bucket ${name} in ${project}`);
      if (lacking.apis.length + lacking.buckets.length === 0)
        return say(`✔ ${environment} has all of it; next: windlass doctor -e ${environment}`);
      await confirm(site.environment.project, yes);
      await bringAbout(site, lacking, say);
      say(`✔ done; next: windlass doctor -e ${environment}`);
    });
}
