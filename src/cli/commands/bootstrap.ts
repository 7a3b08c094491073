import { Command } from '@commander-js/extra-typings';
import { bringAbout, whatLacks } from '../../bootstrap/bootstrap.ts';
import type { Lacking } from '../../bootstrap/bootstrap.ts';
import { siteOf } from '../../endpoints.ts';
import { tokenCreator } from '../../gcp/token-creation.ts';
import { projectPlace } from '../../place.ts';
import { confirm } from '../confirm.ts';
import { environmentOption } from '../options.ts';
import { answer, say } from '../output/say.ts';

/** `windlass bootstrap`: what a new Google project needs before its first deploy, as the person who asks. */
export function bootstrapCommand() {
  return new Command('bootstrap')
    .description('enable the APIs of a new Google project, grant its role, create its buckets')
    .addOption(environmentOption())
    .option('-y, --yes', 'do not ask')
    .action(async ({ environment, yes = false }) => {
      const site = await siteOf(projectPlace(), environment);
      say(`${environment}: ${site.banner}`);
      const lacking = await whatLacks(site);
      const lines = linesOf(lacking, site.environment.project);
      for (const line of lines) answer(line);
      if (lines.length === 0)
        return say(`✔ ${environment} has all of it; next: windlass doctor -e ${environment}`);
      await confirm(site.environment.project, yes);
      await bringAbout(site, lacking, say);
      say(`✔ done; next: windlass doctor -e ${environment}`);
    });
}

function linesOf({ apis, tokens, buckets }: Lacking, own: string): readonly string[] {
  return [
    ...apis.map(
      ({ api, project }) => `to enable   ${api}${project === own ? '' : ` in ${project}`}`,
    ),
    ...(tokens ? [`to grant    ${tokenCreator} to you in ${own}`] : []),
    ...buckets.map(({ name, project }) => `to create   bucket ${name} in ${project}`),
  ];
}
