import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deploy, DeployRequest } from '../../src/deploy.ts';
import { Failure } from '../../src/failure.ts';
import { admitStart } from '../../src/identity/admit-start.ts';
import { signText } from '../../src/identity/signing-key.ts';
import { requestDigest, state, statementText } from '../../src/identity/statement.ts';
import type { Site } from '../../src/site.ts';
import type { Signed, Statement } from '../../src/words.ts';
import { makeKey, publicKey } from '../end-to-end/signers.ts';
import { openGoogle } from '../gcp/google-door.ts';
import { openTrusted, stored, succeeded } from './trusted-site.ts';

export const request: DeployRequest = {
  environment: 'production',
  actor: 'claimed',
  approval: 'auto',
};

const everything = ['start', 'approve', 'stop', 'decide'] as const;
export type Name = 'ana' | 'ana2' | 'bob' | 'eve';

/** People with real keys, and environments behind a real door to storage that name them. */
export async function openCast() {
  const [door, folder] = [await openGoogle(), await mkdtemp(join(tmpdir(), 'windlass-words-'))];
  const keys: Readonly<Record<Name, string>> = {
    ana: await makeKey(folder, 'ana'),
    ana2: await makeKey(folder, 'ana2'),
    bob: await makeKey(folder, 'bob'),
    eve: await makeKey(folder, 'eve'),
  };
  /** Somebody with these keys. */
  const known = (...of: readonly Name[]) => ({
    keys: of.map((name) => publicKey(keys[name])),
    logins: [],
    may: [...everything],
  });
  const signed = async (by: Name, about: Partial<Statement>): Promise<Signed> => {
    const usual = { environment: 'production', kind: 'deploy', run: 'new' } as const;
    const statement = { ...state({ ...usual, digest: requestDigest(request) }), ...about };
    const key = { file: keys[by], publicKey: publicKey(keys[by]) };
    const signature = await signText(key, statementText(statement));
    return { statement, proof: { kind: 'ssh', signature } };
  };
  return {
    ...{ door, folder, keys, known, signed },
    /** An environment of ana (with two keys) and bob that asks for a second person. */
    standing: async (over: object = {}): Promise<Site> => {
      const site = await openTrusted(door);
      const people = { ana: known('ana', 'ana2'), bob: known('bob') };
      await succeeded(site, await stored(site, { people, secondPerson: true, ...over }));
      return site;
    },
    close: async (): Promise<void> => {
      await door.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Cast = Awaited<ReturnType<typeof openCast>>;

/** Has a worker look at a start. */
export function start(
  site: Site,
  word: Signed | undefined,
  over: object = {},
): Promise<Partial<Deploy> | undefined> {
  const runId = randomUUID();
  const asked = { ...request, ...(word && { signed: word }) };
  return admitStart(site, { kind: 'deploy', request: asked, runId, by: runId, work: '1', ...over });
}

/** The code of a refusal, or `taken`. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'taken',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );
}
