import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DeployRequest } from '../../src/deploy.ts';
import { Failure } from '../../src/failure.ts';
import { admitFirst, admitStart } from '../../src/identity/admit-start.ts';
import { hear } from '../../src/identity/hear.ts';
import { refuseUnauthorized } from '../../src/identity/refuse-unauthorized.ts';
import { findSigningKey, signText } from '../../src/identity/signing-key.ts';
import { requestDigest, state, statementText, wordDigest } from '../../src/identity/statement.ts';
import type { Site } from '../../src/site.ts';
import type { Signed, Statement } from '../../src/words.ts';
import { makeKeys, publicKey } from '../end-to-end/signers.ts';
import { openGoogle } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';
import { openTrusted, stored, succeeded } from './trusted-site.ts';

let door: GoogleDoor;
let folder: string;
let keys: Awaited<ReturnType<typeof makeKeys<'ana' | 'ana2' | 'bob' | 'eve'>>>;

beforeAll(async () => {
  door = await openGoogle();
  folder = await mkdtemp(join(tmpdir(), 'windlass-words-'));
  keys = await makeKeys(folder, 'ana', 'ana2', 'bob', 'eve');
});
afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
});

const request: DeployRequest = { environment: 'production', actor: 'claimed', approval: 'auto' };
const plan = 'a'.repeat(64);
type Name = keyof typeof keys;

const everything: ('start' | 'approve' | 'stop' | 'decide')[] = [
  ...(['start', 'approve', 'stop', 'decide'] as const),
];

/** Somebody with these keys. */
function known(...of: readonly Name[]) {
  return { keys: of.map((name) => publicKey(keys[name])), logins: [], may: everything };
}

async function standing(over: object = {}): Promise<Site> {
  const site = await openTrusted(door);
  const people = { ana: known('ana', 'ana2'), bob: known('bob') };
  await succeeded(site, await stored(site, { people, secondPerson: true, ...over }));
  return site;
}

async function signed(by: Name, about: Partial<Statement>): Promise<Signed> {
  const usual = { environment: 'production', kind: 'deploy', digest: requestDigest(request) } as const;
  const statement = { ...state({ ...usual, run: 'new' }), ...about };
  const key = { file: keys[by], publicKey: publicKey(keys[by]) };
  const signature = await signText(key, statementText(statement));
  return { statement, proof: { kind: 'ssh', signature } };
}

function start(site: Site, word: Signed | undefined, over: object = {}) {
  const runId = randomUUID();
  const asked = { ...request, ...(word && { signed: word }) };
  return admitStart(site, { kind: 'deploy', request: asked, runId, by: runId, work: '1', ...over });
}

/** The code of a refusal. */
async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'taken',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );
}

describe('a start', () => {
  it('by somebody whom the standing release names is theirs, whatever name it claims', async () => {
    const site = await standing();
    const learned = await start(site, await signed('ana2', {}));
    expect(learned).toMatchObject({ actor: 'ana', guarded: true, approval: 'wait' });
    expect(learned?.acts).toMatchObject([{ act: 'start', by: 'ana', how: 'ssh-key' }]);
    expect(learned?.acts?.[0]?.checked).toMatch(/^SHA256:/);
  });

  it('that nobody signed is refused', async () => {
    expect(await codeOf(start(await standing(), undefined))).toBe('SIGNATURE_MISSING');
  });

  it('signed by a stranger is refused, one who was removed among them', async () => {
    const site = await standing();
    expect(await codeOf(start(site, await signed('eve', {})))).toBe('SIGNER_UNKNOWN');
    const people = { ana: known('ana'), eve: known('eve') };
    await succeeded(site, await stored(site, { people, secondPerson: true }));
    expect(await codeOf(start(site, await signed('bob', {})))).toBe('SIGNER_UNKNOWN');
    expect(await codeOf(start(site, await signed('ana2', {})))).toBe('SIGNER_UNKNOWN');
    expect(await codeOf(start(site, await signed('eve', {})))).toBe('taken');
  });

  it('by who was removed stays refused after a rollback to the release that named them', async () => {
    const site = await openTrusted(door);
    const before = await stored(site, { people: { ana: known('ana'), bob: known('bob') } });
    await succeeded(site, before);
    await succeeded(site, await stored(site, { people: { ana: known('ana') } }));
    await succeeded(site, before, 'rollback');
    expect(await codeOf(start(site, await signed('bob', {})))).toBe('SIGNER_UNKNOWN');
  });

  it.each([
    ['another environment', { environment: 'staging' }, 'SIGNED_FOR_OTHER_ENVIRONMENT'],
    ['another kind of run', { kind: 'rollback' }, 'SIGNED_FOR_OTHER_KIND'],
    ['another request', { digest: plan }, 'SIGNED_FOR_OTHER_DIGEST'],
    ['a run that waits', { run: 'some-run' }, 'SIGNED_FOR_OTHER_RUN'],
    ['a time that is over', { expires: '2026-01-01T00:00:00.000Z' }, 'SIGNED_EXPIRED'],
    ['all eternity', { expires: '2099-01-01T00:00:00.000Z' }, 'SIGNED_EXPIRED'],
    ['a nonce that is none', { nonce: '../../ledger/000001' }, 'SIGNATURE_INVALID'],
  ] as const)('signed for %s is refused', async (_what, about, code) => {
    expect(await codeOf(start(await standing(), await signed('ana', about)))).toBe(code);
  });

  it('whose statement was changed after it was signed is refused', async () => {
    const word = await signed('ana', { digest: plan });
    const changed = { ...word, statement: { ...word.statement, digest: requestDigest(request) } };
    expect(await codeOf(start(await standing(), changed))).toBe('SIGNATURE_INVALID');
  });

  it('counts once: not for another run, and for another attempt of its own', async () => {
    const site = await standing();
    const word = await signed('ana', {});
    const runId = randomUUID();
    expect(await codeOf(start(site, word, { runId, by: runId }))).toBe('taken');
    expect(await codeOf(start(site, word, { runId, by: runId }))).toBe('taken');
    expect(await codeOf(start(site, word))).toBe('SIGNED_TWICE');
  });

  it('in the name of another run is refused', async () => {
    const word = await signed('ana', {});
    const code = await codeOf(start(await standing(), word, { by: 'another-run' }));
    expect(code).toBe('RUN_NOT_AUTHORIZED');
  });

  it('signed for git is refused: the signature was made for something else', async () => {
    const word = await signed('ana', {});
    const file = join(folder, 'for-git');
    await writeFile(file, statementText(word.statement));
    await execa('ssh-keygen', ['-Y', 'sign', '-n', 'git', '-f', keys.ana, file]);
    const signature = await readFile(`${file}.sig`, 'utf8');
    const other = { ...word, proof: { kind: 'ssh', signature } } as const;
    expect(await codeOf(start(await standing(), other))).toBe('SIGNATURE_NAMESPACE');
  });

  it.each(['', 'nonsense', '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n'])(
    'with %j for a signature is refused',
    async (signature) => {
      const word = await signed('ana', {});
      const broken = { ...word, proof: { kind: 'ssh', signature } } as const;
      expect(await codeOf(start(await standing(), broken))).toBe('SIGNATURE_INVALID');
    },
  );

  it('is only for those who may', async () => {
    const people = { ana: known('ana'), bob: { ...known('bob'), may: ['approve' as const] } };
    const site = await standing({ people });
    expect(await codeOf(start(site, await signed('bob', {})))).toBe('SIGNER_MAY_NOT');
  });

  it('of a first deploy takes the people of its own release, and says so', async () => {
    const site = await openTrusted(door);
    const release = await stored(site, { people: { ana: known('ana') } });
    expect(await start(site, await signed('eve', {}))).toBeUndefined();
    const first = (word: Signed | undefined) => {
      const runId = randomUUID();
      const asked = { ...request, ...(word && { signed: word }) };
      const at = { kind: 'deploy', request: asked, runId, by: runId, work: '1' } as const;
      return admitFirst(site, at, release);
    };
    expect(await codeOf(first(undefined))).toBe('SIGNATURE_MISSING');
    expect(await codeOf(first(await signed('eve', {})))).toBe('SIGNER_UNKNOWN');
    const { acts } = await first(await signed('ana', {}));
    expect(acts?.[0]?.note).toContain('first deploy: the people of this very release');
  });

  it('of an environment that names nobody goes on as before', async () => {
    const site = await openTrusted(door);
    const release = await stored(site, {});
    await succeeded(site, release);
    expect(await start(site, undefined)).toBeUndefined();
    const runId = randomUUID();
    const at = { kind: 'deploy', request, runId, by: runId, work: '1' } as const;
    const { acts, guarded } = await admitFirst(site, at, release);
    expect(guarded).toBeUndefined();
    expect(acts).toEqual([{ act: 'start', by: 'claimed', how: 'unchecked' }]);
  });
});

describe('a word to a run', () => {
  let site: Site;
  let runId: string;
  beforeAll(async () => {
    site = await standing();
    runId = randomUUID();
    await start(site, await signed('ana', {}), { runId, by: runId });
  });

  const approve = async (by: Name | undefined, about: Partial<Statement> = {}, work = '7') => {
    const usual = { kind: 'approve', digest: plan, run: runId } as const;
    const word = by && (await signed(by, { ...usual, ...about }));
    const said = { actor: 'bob', ...(word && { signed: word }) };
    return hear(site, { said, kind: 'approve', act: 'approve', digest: plan, runId, work });
  };

  it('that approves is refused from whoever started it, by whichever of their keys', async () => {
    expect(await codeOf(approve('ana'))).toBe('APPROVAL_SAME_PERSON');
    expect(await codeOf(approve('ana2'))).toBe('APPROVAL_SAME_PERSON');
  });

  it('that approves is refused unsigned, from strangers, for another plan or run', async () => {
    expect(await codeOf(approve(undefined))).toBe('SIGNATURE_MISSING');
    expect(await codeOf(approve('eve'))).toBe('SIGNER_UNKNOWN');
    const other = await approve('bob', { digest: 'b'.repeat(64) }).catch((e: unknown) => e);
    expect(other).toMatchObject({ code: 'SIGNED_FOR_OTHER_DIGEST' });
    expect(await codeOf(approve('bob', { run: randomUUID() }))).toBe('SIGNED_FOR_OTHER_RUN');
    expect(await codeOf(approve('bob', { kind: 'stop' }))).toBe('SIGNED_FOR_OTHER_KIND');
  });

  it('lets what changes the environment begin, and nothing before it', async () => {
    const asked = { activity: 'applyFoundation', runId, by: runId };
    const waits = { ...asked, plan: { digest: plan, unchanged: false } };
    expect(await codeOf(refuseUnauthorized(site, waits))).toBe('RUN_NOT_AUTHORIZED');
    expect(await approve('bob')).toMatchObject({ act: 'approve', by: 'bob', how: 'ssh-key' });
    expect(await codeOf(refuseUnauthorized(site, waits))).toBe('taken');
    const other = { ...asked, plan: { digest: 'c'.repeat(64), unchanged: false } };
    expect(await codeOf(refuseUnauthorized(site, other))).toBe('RUN_NOT_AUTHORIZED');
  });

  it('that stops or decides counts once, and says who and why', async () => {
    const digest = wordDigest({ reason: 'too slow' });
    const word = await signed('bob', { kind: 'stop', digest, run: runId });
    const said = { actor: 'x', signed: word };
    const stop = (work: string) =>
      hear(site, { said, kind: 'stop', act: 'stop', digest, runId, work });
    expect(await stop('8')).toMatchObject({ act: 'stop', by: 'bob', how: 'ssh-key' });
    expect(await codeOf(stop('8'))).toBe('taken'); // the same work, tried again
    expect(await codeOf(stop('9'))).toBe('SIGNED_TWICE');
  });
});

describe('whoever reaches Temporal', () => {
  it('has nothing changed for a run that nobody started who may', async () => {
    const site = await standing();
    const asked = { activity: 'promote', runId: 'forged', by: 'forged' };
    expect(await codeOf(refuseUnauthorized(site, asked))).toBe('RUN_NOT_AUTHORIZED');
  });

  it('has nothing done by an activity that no workflow asks for', async () => {
    const site = await openTrusted(door);
    const asked = { activity: 'planRelease', runId: 'x', by: undefined };
    expect(await codeOf(refuseUnauthorized(site, asked))).toBe('RUN_NOT_AUTHORIZED');
  });

  it('has nothing changed by a run that acts in the name of one that was authorized', async () => {
    const site = await standing({ approval: 'auto', secondPerson: false });
    const runId = randomUUID();
    await start(site, await signed('ana', {}), { runId, by: runId });
    const asked = { activity: 'promote', runId };
    expect(await codeOf(refuseUnauthorized(site, { ...asked, by: runId }))).toBe('taken');
    expect(await codeOf(refuseUnauthorized(site, { ...asked, by: 'other' }))).toBe(
      'RUN_NOT_AUTHORIZED',
    );
  });
});

describe('the key that signs', () => {
  it('is the one that WINDLASS_SIGNING_KEY names, by file, by public half or literally', async () => {
    for (const named of [keys.ana, `${keys.ana}.pub`, `key::${publicKey(keys.ana)}`]) {
      vi.stubEnv('WINDLASS_SIGNING_KEY', named);
      const key = await findSigningKey();
      expect(key.publicKey).toBe(publicKey(keys.ana).split(' ').slice(0, 2).join(' '));
    }
    vi.unstubAllEnvs();
  });

  it('is git’s where none is named, and missing in plain words where there is none', async () => {
    vi.stubEnv('HOME', folder);
    vi.stubEnv('WINDLASS_SIGNING_KEY', '');
    vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
    await expect(findSigningKey()).rejects.toMatchObject({
      code: 'SIGNING_KEY_MISSING',
      fix: expect.stringContaining('ssh-keygen -t ed25519'),
    });
    await writeFile(join(folder, '.gitconfig'), `[user]\n  signingkey = ${keys.bob}.pub\n`);
    expect((await findSigningKey()).file).toBe(`${keys.bob}.pub`);
    vi.unstubAllEnvs();
  });

  it('may have a passphrase, which ssh-keygen asks for; a wrong one signs nothing', async () => {
    const file = join(folder, 'locked');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', file]);
    const asking = join(folder, 'askpass');
    vi.stubEnv('SSH_ASKPASS', asking);
    vi.stubEnv('SSH_ASKPASS_REQUIRE', 'force');
    vi.stubEnv('WINDLASS_SIGNING_KEY', file);
    await writeFile(asking, '#!/bin/sh\necho wrong\n', { mode: 0o755 });
    const key = await findSigningKey();
    await expect(signText(key, 'x')).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      fix: expect.stringContaining('ssh-add'),
    });
    await writeFile(asking, '#!/bin/sh\necho a passphrase\n');
    expect(await signText(key, 'x')).toContain('BEGIN SSH SIGNATURE');
    vi.unstubAllEnvs();
  });

  it('may be held by an agent alone: its public half is enough', async () => {
    const agent = await execa('ssh-agent', ['-s']);
    const field = (name: string) => new RegExp(`${name}=([^;]+)`).exec(agent.stdout)?.[1] ?? '';
    const pid = Number(field('SSH_AGENT_PID'));
    try {
      vi.stubEnv('SSH_AUTH_SOCK', field('SSH_AUTH_SOCK'));
      const file = join(folder, 'in-agent');
      await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
      await execa('ssh-add', ['-q', file]);
      await rm(file);
      vi.stubEnv('WINDLASS_SIGNING_KEY', `${file}.pub`);
      expect(await signText(await findSigningKey(), 'x')).toContain('BEGIN SSH SIGNATURE');
    } finally {
      process.kill(pid);
      vi.unstubAllEnvs();
    }
  });
});
