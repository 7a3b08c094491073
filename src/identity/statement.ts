import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { canonical } from '../canonical.ts';
import type { DeployRequest } from '../deploy.ts';
import { sha256 } from '../releases/archive.ts';
import type { Spoken, Statement } from '../words.ts';

/** What a signature by SSH is made for; one for another purpose (git, files) is none of ours. */
export const signingNamespace = 'windlass';

/** How long a statement may be used, in milliseconds: from the signature to the worker. */
export const statementLifeMs = 10 * 60_000;

const first = 'windlass statement 1';

/** A statement as it travels; nothing in it is believed before its signature is. */
export const StatementShape = z.object({
  environment: z.string(),
  kind: z.enum([
    'deploy',
    'rollback',
    'recover',
    'reconcile',
    'destroy',
    'approve',
    'stop',
    'undo',
  ]),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  run: z.string().min(1),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  expires: z.iso.datetime(),
});

/** A new statement, to be signed. */
export function state(
  about: Pick<Statement, 'environment' | 'kind' | 'digest' | 'run'>,
): Statement {
  const expires = new Date(Date.now() + statementLifeMs).toISOString();
  return { ...about, nonce: randomBytes(16).toString('hex'), expires };
}

/** The very bytes that are signed. */
export function statementText(statement: Statement): string {
  return `${first}\n${canonical(statement)}\n`;
}

/** SHA-256 over those bytes: the audience of a token is bound to it. */
export function statementDigest(statement: Statement): string {
  return sha256(statementText(statement));
}

/** The audience that a token of CI must be made for. */
export function audienceOf(statement: Statement): string {
  return `windlass:${statement.environment}:${statementDigest(statement)}`;
}

/** All that a start may ask for: a field that is missing here would not be signed. */
const askedFor = {
  ...{ environment: true, release: true, approval: true, rotate: true, accept: true },
  ...{ requireRehearsal: true, planOnly: true, recover: true, destroy: true },
  ...{ host: true, address: true, releaseSha256: true, tree: true, reason: true },
} as const satisfies Record<Exclude<keyof DeployRequest, keyof Spoken>, true>;

/** SHA-256 of all that a start asks for; who asks is what the signature says. */
export function requestDigest(request: DeployRequest): string {
  const fields: ReadonlySet<string> = new Set(Object.keys(askedFor));
  return wordDigest(
    Object.fromEntries(Object.entries(request).filter(([field]) => fields.has(field))),
  );
}

/** SHA-256 of anything that is said to a run. */
export function wordDigest(said: object): string {
  return sha256(canonical(said));
}
