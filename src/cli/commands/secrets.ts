import { Command } from '@commander-js/extra-typings';
import type { SecretSource } from '../../config/service.ts';
import { configIn } from '../../config/services-in.ts';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { projectPlace } from '../../place.ts';
import { readConfig } from '../../config/read-config.ts';
import { asReleased } from '../../releases/as-released.ts';
import { readLedger } from '../../releases/ledger.ts';
import { rollbackTarget, standingOf } from '../../releases/standing.ts';
import { enableVersions } from '../../secret-values/enable.ts';
import { retireVersions } from '../../secret-values/retire.ts';
import { serviceSecrets } from '../../services.ts';
import type { ServiceSecret } from '../../services.ts';
import type { Site } from '../../site.ts';
import { conductRun } from '../conduct-run.ts';
import { commandFor } from '../../secret-values/external.ts';
import { environmentOption } from '../options.ts';
import { answer } from '../output/say.ts';
import { refuseLeased } from '../refuse-held.ts';
import { setCommand } from './secrets-set.ts';

/** `windlass secrets`: new values without downtime, and the end of the old ones. */
export function secretsCommand() {
  return new Command('secrets')
    .description('set or rotate the secrets of a service, retire or enable old versions')
    .addCommand(setCommand())
    .addCommand(rotateCommand())
    .addCommand(retireCommand())
    .addCommand(enableCommand());
}

function rotateCommand() {
  return new Command('rotate')
    .description(
      'create a new value and revision, move traffic; the old value stays valid until retired',
    )
    .argument('<service>')
    .addOption(environmentOption())
    .option('--secret <name>', 'only this secret, as named in windlass.yaml')
    .option('--json', 'print the report as JSON')
    .action(async (service, { environment, secret, json }) => {
      const config = configIn(await readConfig(projectPlace().root), environment);
      const wanted = { service, name: secret, ours: rotatable };
      const rotate = chosen({ config, name: environment }, wanted).map(({ id }) => id);
      process.exitCode = await conductRun({ kind: 'deploy', environment, rotate }, { json });
    });
}

function retireCommand() {
  return new Command('retire')
    .description('disable the versions before the current one, after `rotation.keepHours`')
    .argument('<service>')
    .addOption(environmentOption())
    .option('--secret <name>', 'only this secret, as named in windlass.yaml')
    .action(async (service, { environment, secret }) => {
      const site = await siteOf(projectPlace(), environment);
      await refuseLeased(site);
      const told = await retireVersions(
        site,
        chosen(site, { service, name: secret, ours: retirable }),
      );
      answer(told.length > 0 ? told.join('\n') : 'nothing to retire');
    });
}

function enableCommand() {
  return new Command('enable')
    .description('enable the versions of the previous release again, for a rollback')
    .argument('<service>')
    .addOption(environmentOption())
    .option('--to <release>', 'the versions of this release instead')
    .action(async (service, { environment, to }) => {
      const site = await siteOf(projectPlace(), environment);
      await refuseLeased(site);
      const ledger = await readLedger(site);
      const inForce = standingOf(ledger);
      const target = rollbackTarget(ledger, to);
      const { config } = await asReleased(site, target.release);
      const secrets = serviceSecrets(config).filter((secret) => secret.service === service);
      if (secrets.length === 0 || !inForce) throw nothingToEnable(service, target.release.id);
      const told = await enableVersions(site, secrets, { target, inForce });
      answer(told.length > 0 ? told.join('\n') : 'nothing to enable');
    });
}

function nothingToEnable(service: string, release: string): Failure {
  return new Failure({
    code: 'USAGE',
    what: `There is no secret of ${service} to enable`,
    why: `the release ${release} has no secret of such a service`,
    fix: 'Name a service of that release; `windlass releases list -e ENVIRONMENT` lists them.',
  });
}

const rotatable: readonly SecretSource[] = ['database', 'generated'];
const retirable: readonly SecretSource[] = [...rotatable, 'external'];

interface Chosen {
  readonly service: string;
  readonly name: string | undefined;
  /** Sources whose values are ours to change: what Supabase issues is rotated over there. */
  readonly ours: readonly SecretSource[];
}

function chosen(
  site: Pick<Site, 'config' | 'name'>,
  { service, name, ours }: Chosen,
): readonly ServiceSecret[] {
  const declared = serviceSecrets(site.config).filter(
    (secret) =>
      secret.service === service && (name === undefined || secret.id === `${service}-${name}`),
  );
  const found = declared.filter(({ source }) => ours.includes(source));
  if (found.length > 0) return found;
  throw nothingToRotate(site.name, declared, name);
}

function nothingToRotate(
  environment: string,
  declared: readonly ServiceSecret[],
  name: string | undefined,
): Failure {
  const given = declared.filter(({ source }) => source === 'external');
  const issued = declared.filter((one) => !given.includes(one)).map(({ id }) => id);
  const why = [
    ...(given.length > 0 ? [`only you can set ${given.map(({ id }) => id).join(', ')}`] : []),
    ...(issued.length > 0 ? [`Supabase issues ${issued.join(', ')}`] : []),
    ...(declared.length === 0 ? [`windlass.yaml has no ${name ?? 'secret'} there`] : []),
  ];
  const commands = given.map((one) => `\`${commandFor(environment, one)}\``).join(', ');
  return new Failure({
    code: 'USAGE',
    what: 'There is no such secret to rotate',
    why: why.join('; '),
    fix:
      given.length > 0
        ? `Give a new value: ${commands}; then \`windlass deploy -e ${environment}\`.`
        : 'Name a service with a `database` or `generated` secret; rotate Supabase’s own keys in its dashboard.',
  });
}
