import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { configOf } from '../../config/read-config.ts';
import { findServices } from '../../new-project/find-services.ts';
import type { FoundService } from '../../new-project/find-services.ts';
import { firstConfig } from '../../new-project/first-config.ts';
import type { Wishes } from '../../new-project/first-config.ts';
import { layDown } from '../../new-project/lay-down.ts';
import { nameOf } from '../../new-project/name-services.ts';
import { refuseExisting } from '../../new-project/refuse-existing.ts';
import { askWishes } from '../ask-wishes.ts';
import { answer } from '../output/say.ts';
import { typedIn } from '../typed.ts';

/** `windlass init`: a project in the current folder, made of what lies there. */
export function initCommand() {
  return new Command('init')
    .description('create a project here: windlass.yaml, make targets, a .gitignore line')
    .option('--name <name>', 'of the project; default: the folder’s')
    .option('--project <id>', 'Google project of production; default: NAME-production')
    .option('--organization <slug>', 'Supabase organization; default: NAME')
    .option('--region <region>', 'of Cloud Run; default: us-central1')
    .option('-y, --yes', 'do not ask')
    .action(async ({ yes, ...given }) => {
      const root = resolve(process.env['WINDLASS_ROOT'] ?? '.');
      refuseExisting(root);
      const found = await findServices(root);
      const wishes = await askWishes(given, (said) => usualFor(root, said), yes === true);
      const command = typedIn(root);
      const config = firstConfig(wishes, found, schemaIn(root));
      configOf(config); // a name that was typed may be none: before anything is written
      for (const one of found) answer(`found    ${foundLine(one)}`);
      for (const { file, done } of await layDown(root, config, command))
        answer(`${file.padEnd(14)} ${done}`);
      for (const line of nextSteps(found, command)) answer(line);
    });
}

function usualFor(root: string, given: Partial<Wishes>): Wishes {
  const { name = nameOf(basename(root)), region = 'us-central1' } = given;
  const { organization = name, project = `${name.slice(0, 19).replace(/-+$/, '')}-production` } =
    given;
  return { name, region, organization, project };
}

function schemaIn(root: string): string | undefined {
  const file = 'node_modules/windlass/windlass.schema.json';
  return existsSync(join(root, file)) ? `./${file}` : undefined;
}

function foundLine({ name, source, sign, dockerfile }: FoundService): string {
  return `${name.padEnd(12)} ${join(source, sign)}${dockerfile ? '' : ', and no Dockerfile yet'}`;
}

function nextSteps(found: readonly FoundService[], command: string): readonly string[] {
  const bare = found
    .filter((one) => !one.dockerfile)
    .map(({ source }) => join(source, 'Dockerfile'));
  return [
    '',
    'Next:',
    found.length === 0
      ? '  write a service: a folder with a Dockerfile, named below `services` in windlass.yaml'
      : '  look through windlass.yaml: who is public, who calls whom, which secrets',
    ...(bare.length === 0 ? [] : [`  write ${bare.join(', ')}`]),
    `  ${command} plan -e production     # what a deploy would do; changes nothing`,
    `  ${command} deploy -e production   # into the sandbox on this machine; for make: production-deploy`,
  ];
}
