import type { People } from '../config/people.ts';
import { keyOf } from '../config/people.ts';
import type { DeployRequest } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { peopleOf } from '../identity/admit-start.ts';
import { ciToken, inCi } from '../identity/ci-token.ts';
import { osUser } from '../identity/os-user.ts';
import { rulesInForce, rulesOf } from '../identity/rules.ts';
import type { Rules } from '../identity/rules.ts';
import { findSigningKey, signText } from '../identity/signing-key.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import { audienceOf, requestDigest, state, statementText } from '../identity/statement.ts';
import { tokenObject } from '../identity/token-object.ts';
import { layToken, readStart } from '../identity/trust-objects.ts';
import { ensureBuckets } from '../planning/ensure-buckets.ts';
import type { Site } from '../site.ts';
import type { Identity, Spoken, Statement, WordKind } from '../words.ts';
import { labelled } from './options.ts';
import { say } from './output/say.ts';

type About = Pick<Statement, 'kind' | 'digest' | 'run'>;

/** The same request with who asks, signed where the environment names its people. */
export async function spokenStart(
  site: Site,
  kind: WordKind,
  request: DeployRequest,
): Promise<DeployRequest> {
  const people = request.planOnly ? undefined : await peopleToStart(site);
  const about = { kind, digest: requestDigest(request), run: 'new' };
  return { ...request, ...(await spoken(site, about, people)) };
}

/** Who says something to a run, signed where the run was started by people who are named. */
export async function spokenWord(site: Site, about: About): Promise<Spoken> {
  return spoken(site, about, await peopleOfRun(site, about.run));
}

async function spoken(site: Site, about: About, people: People | undefined): Promise<Spoken> {
  if (people === undefined) return unsignedBy(site);
  const statement = state({ environment: site.name, ...about });
  if (inCi()) return byToken(site, statement);
  const key = await findSigningKey();
  const actor = ownerOf(people, key);
  const signature = await signText(key, statementText(statement));
  return { actor, signed: { statement, proof: { kind: 'ssh', signature } } };
}

/** CI’s token waits in the release bucket until a worker has read it: it never enters a history. */
async function byToken(site: Site, statement: Statement): Promise<Spoken> {
  const token = await ciToken(audienceOf(statement));
  const signed = { statement, proof: { kind: 'oidc' } } as const;
  await ensureBuckets(site);
  await layToken(site, tokenObject(signed), token);
  return { actor: 'ci', signed };
}

/** A label of the caller’s choice stands beside who they are, and never instead of it. */
async function unsignedBy(site: Site): Promise<Spoken> {
  const identity = await callerOf(site);
  const { secondPerson } = site.config.approval;
  return { actor: secondPerson ? identity.name : labelled(identity.name), identity };
}

/** Without people nothing hangs on it: where Google does not say who it is, the system does. */
async function callerOf(site: Site): Promise<Identity> {
  return site.caller().catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'IDENTITY_UNKNOWN') return osUser();
    throw error;
  });
}

/** Who may not read the bucket signs by the working tree’s rules; the worker judges by its own. */
function ownWhereUnreadable(site: Site): (error: unknown) => Rules | undefined {
  return (error) => {
    if (error instanceof Failure) return rulesOf(site.config, site.name);
    throw error;
  };
}

async function peopleToStart(site: Site): Promise<People | undefined> {
  const inForce = await rulesInForce(site).catch(ownWhereUnreadable(site));
  if (inForce) return inForce.people;
  const first = rulesOf(site.config, site.name)?.people;
  if (first)
    say(
      `first deploy with people: those of this release are used (${Object.keys(first).join(', ')})`,
    );
  return first;
}

/** Those whom the run began with; where the bucket cannot be read, those of the working tree. */
async function peopleOfRun(site: Site, run: string): Promise<People | undefined> {
  try {
    const start = await readStart(site, run);
    return start && peopleOf(start);
  } catch (error) {
    const own = site.environment.people;
    if (own && error instanceof Failure) return own;
    throw error;
  }
}

function ownerOf(people: People, { publicKey, file }: SigningKey): string {
  const found = Object.entries(people).find(
    ([, person]) => 'keys' in person && person.keys.some((key) => keyOf(key) === publicKey),
  );
  if (found) return found[0];
  throw new Failure({
    code: 'SIGNER_UNKNOWN',
    what: 'The signer is not known to this environment',
    why: `the key ${file} is none of those under \`people\`: ${Object.keys(people).join(', ')}`,
    fix: 'Set WINDLASS_SIGNING_KEY to another key, or have one of them deploy a release that adds yours.',
  });
}
