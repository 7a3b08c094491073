import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeployRequest } from '../../src/deploy.ts';
import { Failure } from '../../src/failure.ts';
import { held } from '../../src/held.ts';
import { admitStart } from '../../src/identity/admit-start.ts';
import { ciToken, inCi } from '../../src/identity/ci-token.ts';
import { verifyToken } from '../../src/identity/oidc-token.ts';
import { audienceOf, requestDigest, state } from '../../src/identity/statement.ts';
import { tokenObject } from '../../src/identity/token-object.ts';
import { layToken } from '../../src/identity/trust-objects.ts';
import type { Site } from '../../src/site.ts';
import type { Statement } from '../../src/words.ts';
import { openGoogle } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';
import { openIssuer } from './issuer.ts';
import { openTrusted, stored, succeeded } from './trusted-site.ts';

let door: GoogleDoor;
let issuer: Awaited<ReturnType<typeof openIssuer>>;
let site: Site;

const request: DeployRequest = { environment: 'production', actor: 'ci', approval: 'auto' };
const main = { repository: 'acme/app', ref: 'refs/heads/main' };
const job = { ...main, actor: 'Ana-On-GitHub', workflow: 'deploy', secret: 'not kept' };
const anaKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ';

beforeAll(async () => {
  [door, issuer] = await Promise.all([openGoogle(), openIssuer()]);
  site = await openTrusted(door);
  const people = {
    ana: { keys: [anaKey], logins: ['ana-on-github'], may: ['approve' as const] },
    ci: { issuer: issuer.url, claims: main, may: ['start' as const] },
  };
  await succeeded(site, await stored(site, { people }));
});
afterAll(async () => {
  await issuer.close();
  await door.close();
});

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'taken',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );
}

/** A start whose token is made from its statement; undefined lays none. */
async function start(tokenFor: (statement: Statement) => string | undefined | Promise<string>) {
  const digest = requestDigest(request);
  const statement = state({ environment: 'production', kind: 'deploy', digest, run: 'new' });
  const signed = { statement, proof: { kind: 'oidc' } } as const;
  const token = await tokenFor(statement);
  if (token !== undefined) await layToken(site, tokenObject(signed), token);
  const runId = randomUUID();
  const asked = { ...request, signed };
  const at = { kind: 'deploy', request: asked, runId, by: runId, work: '1' } as const;
  return { object: tokenObject(signed), admitted: held(admitStart(site, at)) };
}

const refused = async (tokenFor: Parameters<typeof start>[0]) =>
  codeOf((await start(tokenFor)).admitted);

describe('a start by CI', () => {
  it('is taken by a token that the issuer made for exactly this statement', async () => {
    Object.assign(issuer.job.claims, job);
    expect(inCi(issuer.env)).toBe(true);
    const { admitted } = await start((statement) => ciToken(audienceOf(statement), issuer.env));
    const learned = await admitted;
    expect(learned).toMatchObject({ actor: 'ci', identity: { how: 'oidc' } });
    const [act] = learned?.acts ?? [];
    expect(act?.checked).toContain('repository=acme/app ref=refs/heads/main actor=Ana-On-GitHub');
    expect(JSON.stringify(learned)).not.toContain('not kept');
  });

  it('leaves no token behind, in no generation of the bucket', async () => {
    const { object, admitted } = await start((s) => issuer.token({ ...job, aud: audienceOf(s) }));
    await admitted;
    const { releaseBucket: bucket } = site;
    const prefix = encodeURIComponent(object);
    const all = await door.call('GET', `/storage/v1/b/${bucket}/o?versions=true&prefix=${prefix}`);
    expect(JSON.stringify(all)).not.toContain('.jwt');
  });

  it('makes no second person out of whoever set the job off', async () => {
    const { admitted } = await start((s) => issuer.token({ ...job, aud: audienceOf(s) }));
    expect((await admitted)?.identity?.same).toEqual(['person:ci', 'person:ana']);
  });

  it('is refused without a token, and with none', async () => {
    expect(await refused(() => undefined)).toBe('SIGNATURE_MISSING');
    expect(await refused(() => 'not.a-token')).toBe('TOKEN_INVALID');
  });

  it.each([
    ['another repository', { repository: 'evil/fork' }, 'SIGNER_UNKNOWN'],
    ['another branch', { ref: 'refs/heads/feature' }, 'SIGNER_UNKNOWN'],
    ['another issuer', { iss: 'https://issuer.example.com' }, 'SIGNER_UNKNOWN'],
    ['another statement', { aud: 'windlass:production:other' }, 'SIGNED_FOR_OTHER_DIGEST'],
    ['two audiences', { aud: ['windlass:a', 'windlass:b'] }, 'TOKEN_INVALID'],
    ['a time that is over', { exp: 1000 }, 'SIGNED_EXPIRED'],
    ['a time to come', { nbf: 4_000_000_000 }, 'TOKEN_INVALID'],
  ])('is refused by a token for %s', async (_what, claims, code) => {
    const given = (s: Statement) => issuer.token({ ...job, aud: audienceOf(s), ...claims });
    expect(await refused(given)).toBe(code);
  });

  it('is refused by a token that somebody else signed, or nobody', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const foreign = (s: Statement) =>
      issuer.token({ ...job, aud: audienceOf(s) }, 'RS256', privateKey);
    expect(await refused(foreign)).toBe('TOKEN_INVALID');
    const unsigned = (s: Statement) => {
      const [, payload = ''] = issuer.token({ ...job, aud: audienceOf(s) }).split('.');
      const head = Buffer.from('{"alg":"none"}').toString('base64url');
      return `${head}.${payload}.x`;
    };
    expect(await refused(unsigned)).toBe('TOKEN_INVALID');
  });
});

describe('a token', () => {
  it.each(['RS256', 'ES256', 'EdDSA'] as const)('of the kind %s is verified', async (alg) => {
    const wanted = { issuer: issuer.url, audience: 'windlass:x' };
    const token = issuer.token({ aud: 'windlass:x' }, alg);
    expect((await verifyToken(token, wanted)).iss).toBe(issuer.url);
    const [head = '', payload = ''] = token.split('.');
    const other = issuer.token({ aud: 'windlass:y' }, alg).split('.')[2];
    expect(await codeOf(verifyToken(`${head}.${payload}.${other}`, wanted))).toBe('TOKEN_INVALID');
  });

  it('is refused to a job that the CI does not know', async () => {
    const env = { ...issuer.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'guessed' };
    expect(await codeOf(ciToken('windlass:x', env))).toBe('CI_TOKEN_REFUSED');
  });

  it('of an issuer that is reached in plain text beyond this machine is never asked about', async () => {
    const wanted = { issuer: 'http://192.0.2.1', audience: 'x' };
    expect(await codeOf(verifyToken(issuer.token({}), wanted))).toBe('ISSUER_UNREADABLE');
  });
});
