import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config/config.ts';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { projectPlace } from '../../place.ts';
import { readConfig } from '../../config/read-config.ts';
import { retireVersions } from '../../secret-values/retire.ts';
import { serviceSecrets } from '../../services.ts';
import type { ServiceSecret } from '../../services.ts';
import { conductRun } from '../conduct-run.ts';
import { environmentOption } from '../options.ts';
import { answer } from '../output/say.ts';

/** `windlass secrets`: new values without downtime, and the end of the old ones. */
export function secretsCommand() {
  return new Command('secrets')
    .description('rotate the secrets of a service, retire their old versions')
    .addCommand(rotateCommand())
    .addCommand(retireCommand());
}

function rotateCommand() {
  return new Command('rotate')
    .description('new value, new revision, traffic over; the old value stays valid for a while')
    .argument('<service>')
    .addOption(environmentOption())
    .option('--secret <name>', 'only this one, as windlass.yaml calls it')
    .option('--json', 'print the report as JSON')
    .action(async (service, { environment, secret, json }) => {
      const config = await readConfig(projectPlace().root);
      const rotate = chosen(config, service, secret).map(({ id }) => id);
      process.exitCode = await conductRun({ kind: 'deploy', environment, rotate }, { json });
    });
}

function retireCommand() {
  return new Command('retire')
    .description('disable the versions before the one in force, after `rotation.keepHours`')
    .argument('<service>')
    .addOption(environmentOption())
    .option('--secret <name>', 'only this one, as windlass.yaml calls it')
    .action(async (service, { environment, secret }) => {
      const site = await siteOf(projectPlace(), environment);
      const told = await retireVersions(site, chosen(site.config, service, secret));
      answer(told.length > 0 ? told.join('\n') : 'nothing to retire');
    });
}

/** The secrets whose values are ours to change: what Supabase issues is rotated over there. */
function chosen(config: Config, service: string, name?: string): readonly ServiceSecret[] {
  const ours = serviceSecrets(config).filter(
    (secret) =>
      secret.service === service && (name === undefined || secret.id === `${service}-${name}`),
  );
  const found = ours.filter(({ source }) => source === 'database' || source === 'generated');
  if (found.length > 0) return found;
  throw new Failure({
    code: 'USAGE',
    what: `There is no secret of ${service} to rotate`,
    why:
      ours.length > 0
        ? `Supabase issues ${ours.map(({ id }) => id).join(', ')}`
        : `windlass.yaml has no ${name ?? 'secret'} there`,
    fix: 'Name a service with a `database` or `generated` secret; rotate Supabase’s own keys there.',
  });
}
