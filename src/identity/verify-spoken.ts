import type { May, People } from '../config/people.ts';
import type { Site } from '../site.ts';
import type { Identity, Signed, Spoken, WordKind } from '../words.ts';
import { refusal } from './refused.ts';
import { signerOf } from './ssh-signature.ts';
import { StatementShape, statementDigest, statementLifeMs, statementText } from './statement.ts';
import { tokenBearer } from './token-bearer.ts';
import { tokenObject } from './token-object.ts';
import { dropToken, readUse, writeUse } from './trust-objects.ts';

/** What a signed word must be about. */
export interface Wanted {
  readonly people: People;
  readonly kind: WordKind;
  readonly digest: string;
  /** The run; `new` for a start. */
  readonly run: string;
  /** The run that takes it. */
  readonly taker: string;
  /** Names the piece of work that takes it: its next attempt may take it once more. */
  readonly work: string;
}

/** Who really said it; a refusal where nobody signed, or anything in it is not as it must be. */
export async function verifySpoken(site: Site, said: Spoken, wanted: Wanted): Promise<Identity> {
  const signed = shaped(said.signed, wanted);
  const { statement } = signed;
  refuseOther(site, signed, wanted);
  const digest = statementDigest(statement);
  const used = await readUse(site, statement.nonce);
  if (used) {
    const mine = used.run === wanted.taker && used.work === wanted.work;
    if (!mine || used.statement !== digest) throw twice();
    return used.identity;
  }
  refuseTimes(statement.expires);
  const identity = await proven(site, signed, wanted);
  const use = { version: 1, run: wanted.taker, work: wanted.work } as const;
  if (!(await writeUse(site, statement.nonce, { ...use, statement: digest, identity })))
    throw twice();
  if (signed.proof.kind === 'oidc') await dropToken(site, tokenObject(signed));
  return identity;
}

async function proven(site: Site, signed: Signed, { people, kind }: Wanted): Promise<Identity> {
  const { proof, statement } = signed;
  const identity =
    proof.kind === 'oidc'
      ? await tokenBearer(site, people, signed)
      : await bySignature(people, statementText(statement), proof.signature);
  const what = mayOf[kind];
  if (people[identity.name]?.may.includes(what)) return identity;
  throw refusal(
    'SIGNER_MAY_NOT',
    `${identity.name} may ${people[identity.name]?.may.join(', ')}, and this needs '${what}'`,
    'Have it done by someone who may; see `may` under `people`.',
  );
}

async function bySignature(people: People, text: string, signature: string): Promise<Identity> {
  const { name, fingerprint } = await signerOf(people, text, signature);
  return { name, how: 'ssh-key', by: fingerprint, same: [`person:${name}`] };
}

const mayOf: Readonly<Record<WordKind, May>> = {
  ...{ deploy: 'start', rollback: 'start', recover: 'start', reconcile: 'start' },
  destroy: 'start',
  ...{ approve: 'approve', stop: 'stop', undo: 'decide' },
};

function shaped(signed: Signed | undefined, { people }: Wanted): Signed {
  if (signed === undefined || signed === null)
    throw refusal(
      'SIGNATURE_MISSING',
      `it is signed by one of ${Object.keys(people).join(', ')}, and this one is unsigned`,
      'Use bin/windlass, which signs with your key (WINDLASS_SIGNING_KEY).',
    );
  if (StatementShape.safeParse(signed.statement).success) return signed;
  throw refusal('SIGNATURE_INVALID', 'what was signed is not a Windlass statement');
}

function refuseOther(site: Site, { statement }: Signed, wanted: Wanted): void {
  const { environment, kind, digest, run } = statement;
  if (environment !== site.name)
    throw refusal('SIGNED_FOR_OTHER_ENVIRONMENT', `it is for ${environment}, not for ${site.name}`);
  if (kind !== wanted.kind)
    throw refusal('SIGNED_FOR_OTHER_KIND', `it is for '${kind}', not for '${wanted.kind}'`);
  if (run !== wanted.run)
    throw refusal('SIGNED_FOR_OTHER_RUN', `it is for the run ${run}, not for ${wanted.run}`);
  if (digest !== wanted.digest)
    throw refusal('SIGNED_FOR_OTHER_DIGEST', `signed was ${digest}, asked for is ${wanted.digest}`);
}

function refuseTimes(expires: string): void {
  const left = Date.parse(expires) - Date.now();
  if (left < 0) throw refusal('SIGNED_EXPIRED', `it was valid until ${expires}`);
  if (left > 2 * statementLifeMs)
    throw refusal('SIGNED_EXPIRED', `it claims to be valid until ${expires}: longer than allowed`);
}

function twice() {
  return refusal('SIGNED_TWICE', 'a statement can be used once, and this one was used');
}
