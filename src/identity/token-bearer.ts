import type { Machine, People } from '../config/people.ts';
import type { Site } from '../site.ts';
import type { Identity, Signed } from '../words.ts';
import { verifyToken } from './oidc-token.ts';
import type { Claims } from './oidc-token.ts';
import { refusal } from './refused.ts';
import { audienceOf } from './statement.ts';
import { readToken } from './trust-objects.ts';
import { tokenObject } from './token-object.ts';

/** The CI whose token waits for this statement; only what its issuer vouches for is kept. */
export async function tokenBearer(site: Site, people: People, signed: Signed): Promise<Identity> {
  const token = await readToken(site, tokenObject(signed));
  if (token === undefined)
    throw refusal('SIGNATURE_MISSING', 'there is no token for it in the release bucket');
  const issuer = saidIssuer(token);
  const machines = Object.entries(people).flatMap(([name, person]) =>
    'issuer' in person && person.issuer === issuer ? [{ name, person }] : [],
  );
  if (machines.length === 0)
    throw refusal('SIGNER_UNKNOWN', `nobody under \`people\` has tokens of ${issuer}`);
  const wanted = { issuer, audience: audienceOf(signed.statement) };
  const claims = await verifyToken(token, wanted);
  const found = machines.find(({ person }) => differing(person, claims).length === 0);
  if (!found)
    throw refusal('SIGNER_UNKNOWN', machines.map((one) => whyNot(one, claims)).join('; '));
  const by = kept.flatMap((claim) => textOf(claims, claim));
  return {
    name: found.name,
    how: 'oidc',
    by: by.join(' '),
    same: [`person:${found.name}`, ...alsoKnown(people, claims)],
  };
}

/** Claims that the ledger keeps. */
const kept = ['iss', 'sub', 'repository', 'ref', 'actor', 'workflow'];

function textOf(claims: Claims, claim: string): readonly string[] {
  const value = claims[claim];
  return typeof value === 'string' ? [`${claim}=${value.slice(0, 200)}`] : [];
}

/** Whoever set the job off is the same person here: CI makes no second one out of them. */
function alsoKnown(people: People, { actor }: Claims): readonly string[] {
  if (typeof actor !== 'string') return [];
  return Object.entries(people).flatMap(([name, person]) =>
    'logins' in person && person.logins.some((one) => one.toLowerCase() === actor.toLowerCase())
      ? [`person:${name}`]
      : [],
  );
}

function differing({ claims: wanted }: Machine, claims: Claims): readonly string[] {
  const differs = Object.entries(wanted).flatMap(([claim, value]) =>
    claims[claim] === value ? [] : [`${claim} is ${String(claims[claim])}, not ${value}`],
  );
  const unproven = 'email' in wanted && claims['email_verified'] !== true;
  return unproven ? [...differs, 'its email is not verified'] : differs;
}

function whyNot({ name, person }: { name: string; person: Machine }, claims: Claims): string {
  return `the token is not ${name}’s: ${differing(person, claims).join(', ')}`.slice(0, 500);
}

/** What the token says of itself, to find who would vouch for it; verified afterwards. */
function saidIssuer(token: string): string {
  try {
    const payload: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    );
    if (typeof payload === 'object' && payload !== null && 'iss' in payload)
      return String(payload.iss).slice(0, 200);
  } catch {
    // said below
  }
  throw refusal('TOKEN_INVALID', 'it is not a signed token (JWT)');
}
