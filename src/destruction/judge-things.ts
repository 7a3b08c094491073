import type { Thing } from '../drills/what-is-left.ts';
import { Failure } from '../failure.ts';
import { shortName } from '../gcp/run-service.ts';
import type { Site } from '../site.ts';
import type { StateThing } from './state-things.ts';

/** Something that is the environment's own. */
export interface Owned {
  readonly kind: string;
  readonly name: string;
}

/** What is the environment's own and what is not, a line each. */
export interface Judged {
  readonly owned: readonly Owned[];
  readonly foreign: readonly string[];
}

/**
 * What the clouds list, by its proof: the environment's labels, or its own Terraform state. A Failure
 * where somebody made another thing under a name that the state knows: Terraform would delete that.
 */
export function judgeThings(
  site: Pick<Site, 'name'>,
  states: readonly StateThing[],
  things: readonly Thing[],
): Judged {
  const listed = things
    .filter(({ kind }) => kind !== 'bucket' && kind !== 'supabase')
    .map((thing) => ({ ...thing, name: shortName(thing.name) }));
  const known = (thing: Thing) => states.find((one) => isSameName(one, thing));
  const replaced = listed.filter((thing) => isReplaced(site, known(thing), thing));
  if (replaced.length > 0) throw taken(site.name, replaced);
  const own = listed.filter((thing) => isLabelled(site, thing) || known(thing) !== undefined);
  const besides = states.filter((one) => !own.some((thing) => isSameName(one, thing)));
  return {
    owned: [...own, ...besides.filter(({ kind }) => !listedKinds.has(kind))].map(
      ({ kind, name }) => ({ kind, name }),
    ),
    foreign: listed.filter((thing) => !own.includes(thing)).map((thing) => lineOf(thing)),
  };
}

/** Of these the clouds' own lists say what is there; a state may name what is gone. */
const listedKinds: ReadonlySet<string> = new Set(['service', 'secret', 'account', 'repository']);

function isSameName(one: StateThing, { kind, name }: Thing): boolean {
  return one.kind === kind && one.name === name;
}

/** Made at another moment than what the state holds, and without the environment's labels. */
function isReplaced(
  site: Pick<Site, 'name'>,
  known: StateThing | undefined,
  thing: Thing,
): boolean {
  if (known?.createdAt === undefined || thing.createdAt === undefined) return false;
  return Date.parse(known.createdAt) !== Date.parse(thing.createdAt) && !isLabelled(site, thing);
}

function isLabelled({ name }: Pick<Site, 'name'>, { labels }: Thing): boolean {
  return labels['managed-by'] === 'windlass' && labels['environment'] === name;
}

function lineOf({ kind, name, labels }: Thing): string {
  const owner = labels['environment'];
  const why =
    owner === undefined
      ? 'neither its labels nor the Terraform state prove that Windlass made it'
      : `labelled as one of ${owner}`;
  return `${kind} ${name}: ${why}`;
}

function taken(environment: string, replaced: readonly Thing[]): Failure {
  const names = replaced.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return new Failure({
    code: 'DESTROY_FOREIGN',
    what: `Nothing of ${environment} was destroyed: somebody else made ${names}`,
    why: 'the Terraform state holds an older one of the same name, and this one does not carry the labels of Windlass',
    fix: `Rename it, or deploy once to adopt it: \`windlass deploy -e ${environment}\`; then run the command again.`,
  });
}
