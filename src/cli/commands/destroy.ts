import { Command } from '@commander-js/extra-typings';
import type { Destroying } from '../../deploy.ts';
import { destroyLines } from '../../destruction/destroy-lines.ts';
import { inventoryOf } from '../../destruction/inventory.ts';
import type { Inventory } from '../../destruction/inventory.ts';
import { inventoryDigest } from '../../destruction/plan-destruction.ts';
import { drilledBy, drillName } from '../../drills/drill-site.ts';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { bucketOwner } from '../../gcp/project.ts';
import { projectPlace } from '../../place.ts';
import { checkSite } from '../../site-check.ts';
import type { Site } from '../../site.ts';
import { conductRun } from '../conduct-run.ts';
import { confirm } from '../confirm.ts';
import { acceptOption, environmentOption, reasonOption } from '../options.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { wrap } from '../output/wrap.ts';
import { prepare } from '../prepare.ts';
import { refuseBusy } from '../refuse-busy.ts';

interface Flags {
  readonly environment: string;
  readonly confirm?: string | undefined;
  readonly withoutBackup?: string | undefined;
  readonly deleteBackups?: string | undefined;
  readonly accept: readonly string[];
  readonly reason?: string | undefined;
  readonly json?: true | undefined;
}

/** `windlass destroy`: the whole environment, after its name was typed; a last backup is kept. */
export function destroyCommand() {
  return new Command('destroy')
    .description('destroy a whole environment; keeps a last backup; cannot be undone')
    .addOption(environmentOption())
    .option('--confirm <name>', 'the name of the environment, instead of typing it')
    .option('--without-backup <name>', 'take no last backup; the name again')
    .option('--delete-backups <name>', 'delete releases, ledger and all backups, too')
    .addOption(acceptOption())
    .addOption(reasonOption())
    .option('--json', 'print the report as JSON')
    .action(async (flags) => {
      process.exitCode = await destroy(flags);
    });
}

async function destroy(flags: Flags): Promise<number> {
  const { environment, accept, reason, json } = flags;
  for (const flag of ['confirm', 'withoutBackup', 'deleteBackups'] as const)
    requireName(environment, flag, flags[flag]);
  const place = projectPlace();
  await prepare(place, environment);
  const site = await siteOf(place, environment);
  await refuseUnusable(site);
  const inventory = await inventoryOf(site, accept);
  const deletes = flags.deleteBackups !== undefined;
  if (inventory.owned.length === 0 && !(deletes && (await holdsBackups(site))))
    return nothingThere(environment, inventory, json);
  refuseWithoutRelease(site, inventory);
  for (const line of whatItMeans(site, inventory, flags)) say(line);
  await confirm(environment, flags.confirm !== undefined, `\`--confirm ${environment}\``);
  const bare = deletes || flags.withoutBackup !== undefined;
  const destroying: Destroying = {
    digest: inventoryDigest(inventory),
    ...(bare && { withoutBackup: true }),
    ...(deletes && { deleteBackups: true }),
  };
  const wish = { kind: 'destroy', environment, accept, reason, destroy: destroying } as const;
  return conductRun(wish, { json });
}

async function refuseUnusable(site: Site): Promise<void> {
  if (drilledBy(site.name) !== undefined && !Object.hasOwn(site.config.environments, site.name))
    throw ofDrill(site.name);
  await checkSite(site);
  await refuseBusy(site.name);
  await refuseBusy(drillName(site.name));
}

function holdsBackups({ google, releaseBucket }: Site): Promise<boolean> {
  return bucketOwner(google, releaseBucket).then((owner) => owner !== undefined);
}

function nothingThere(environment: string, { foreign }: Inventory, json?: true): number {
  for (const line of foreign) say(`left       ${line}`);
  if (json) answerJson({ environment, outcome: 'nothing-to-destroy', foreign });
  else answer(`There is nothing of ${environment} to destroy.`);
  return 0;
}

function whatItMeans(site: Site, inventory: Inventory, flags: Flags): readonly string[] {
  const bucket = `gs://${site.releaseBucket}`;
  const kept = `a last backup is taken; it stays in ${bucket} with ledger and releases`;
  const plain = `NO backup is taken; what ${bucket} has stays`;
  const backups =
    flags.deleteBackups !== undefined
      ? `all of it goes: releases, ledger and EVERY backup in ${bucket}`
      : flags.withoutBackup === undefined
        ? kept
        : plain;
  const back = flags.deleteBackups === undefined && flags.withoutBackup === undefined;
  return [
    ...destroyLines(inventory),
    `backups    ${backups}`,
    ...(back ? [`recover    \`windlass recover -e ${site.name}\` brings it back from there`] : []),
    'CANNOT BE UNDONE: no step of it is rolled back, also where a later one fails.',
  ].flatMap((line) => wrap(line));
}

function requireName(environment: string, flag: keyof Flags, given: string | undefined): void {
  if (given === undefined || given === environment) return;
  const option = flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new Failure({
    code: 'NOT_CONFIRMED',
    what: 'Nothing was done',
    why: `--${option} names '${given}', and the environment is '${environment}'`,
    fix: `Write \`--${option} ${environment}\` when you are sure.`,
  });
}

/** The stacks can only be taken away by the Terraform of a release. */
function refuseWithoutRelease({ name, releaseBucket }: Site, inventory: Inventory): void {
  const stacks = inventory.owned.some(({ kind }) => kind !== 'schedule' && kind !== 'bucket');
  if (inventory.release || !stacks) return;
  throw new Failure({
    code: 'DESTROY_NO_RELEASE',
    what: `${name} has no release by which it could be destroyed`,
    why: `${releaseBucket} holds no release, whose Terraform would take the stacks away`,
    fix: `Recover it first: \`windlass recover -e ${name}\`; then run the command again.`,
  });
}

function ofDrill(name: string): Failure {
  const of = drilledBy(name) ?? name;
  return new Failure({
    code: 'DRILL_NOT_DESTROYED',
    what: `${name} is the scratch environment of ${of}'s drills`,
    why: 'each drill destroys it, and `destroy` of its environment takes away what a drill left',
    fix: `Run \`windlass drill -e ${of}\`, or \`windlass destroy -e ${of}\`.`,
  });
}
