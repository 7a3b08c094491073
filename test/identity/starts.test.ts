import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admitFirst } from '../../src/identity/admit-start.ts';
import { requestDigest, statementText } from '../../src/identity/statement.ts';
import type { Signed } from '../../src/words.ts';
import { codeOf, openCast, request, start } from './cast.ts';
import type { Cast } from './cast.ts';
import { openTrusted, stored, succeeded } from './trusted-site.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await openCast();
});
afterAll(() => cast.close());

const plan = 'a'.repeat(64);

describe('a start', () => {
  it('by somebody whom the standing release names is theirs, whatever name it claims', async () => {
    const site = await cast.standing();
    const learned = await start(site, await cast.signed('ana2', {}));
    expect(learned).toMatchObject({ actor: 'ana', guarded: true, approval: 'wait' });
    expect(learned?.acts).toMatchObject([{ act: 'start', by: 'ana', how: 'ssh-key' }]);
    expect(learned?.acts?.[0]?.checked).toMatch(/^SHA256:/);
  });

  it('keeps why it was asked for, and which losses were accepted with it', async () => {
    const site = await openTrusted(cast.door);
    const asked = { ...request, reason: 'the new one is slow', accept: ['service:meals'] };
    const of = { kind: 'deploy', request: asked, runId: 'run', by: 'run', work: '1' } as const;
    const learned = await admitFirst(site, of, undefined);
    expect(learned.acts).toMatchObject([
      { act: 'start', reason: asked.reason, accepted: asked.accept },
    ]);
    expect(requestDigest(asked)).not.toBe(requestDigest({ ...asked, reason: 'other words' }));
  });

  it('that nobody signed is refused', async () => {
    expect(await codeOf(start(await cast.standing(), undefined))).toBe('SIGNATURE_MISSING');
  });

  it('signed by a stranger is refused, one who was removed among them', async () => {
    const site = await cast.standing();
    expect(await codeOf(start(site, await cast.signed('eve', {})))).toBe('SIGNER_UNKNOWN');
    const people = { ana: cast.known('ana'), eve: cast.known('eve') };
    await succeeded(site, await stored(site, { people, secondPerson: true }));
    expect(await codeOf(start(site, await cast.signed('bob', {})))).toBe('SIGNER_UNKNOWN');
    expect(await codeOf(start(site, await cast.signed('ana2', {})))).toBe('SIGNER_UNKNOWN');
    expect(await codeOf(start(site, await cast.signed('eve', {})))).toBe('taken');
  });

  it('by who was removed stays refused after a rollback to the release that named them', async () => {
    const site = await openTrusted(cast.door);
    const before = await stored(site, {
      people: { ana: cast.known('ana'), bob: cast.known('bob') },
    });
    await succeeded(site, before);
    await succeeded(site, await stored(site, { people: { ana: cast.known('ana') } }));
    await succeeded(site, before, 'rollback');
    expect(await codeOf(start(site, await cast.signed('bob', {})))).toBe('SIGNER_UNKNOWN');
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
    expect(await codeOf(start(await cast.standing(), await cast.signed('ana', about)))).toBe(code);
  });

  it('whose statement was changed after it was signed is refused', async () => {
    const word = await cast.signed('ana', { digest: plan });
    const changed = { ...word, statement: { ...word.statement, digest: requestDigest(request) } };
    expect(await codeOf(start(await cast.standing(), changed))).toBe('SIGNATURE_INVALID');
  });

  it('counts once: not for another run, and for another attempt of its own', async () => {
    const site = await cast.standing();
    const word = await cast.signed('ana', {});
    const runId = randomUUID();
    expect(await codeOf(start(site, word, { runId, by: runId }))).toBe('taken');
    expect(await codeOf(start(site, word, { runId, by: runId }))).toBe('taken');
    expect(await codeOf(start(site, word))).toBe('SIGNED_TWICE');
  });

  it('in the name of another run is refused', async () => {
    const word = await cast.signed('ana', {});
    const code = await codeOf(start(await cast.standing(), word, { by: 'another-run' }));
    expect(code).toBe('RUN_NOT_AUTHORIZED');
  });

  it('signed for git is refused: the signature was made for something else', async () => {
    const word = await cast.signed('ana', {});
    const file = join(cast.folder, 'for-git');
    await writeFile(file, statementText(word.statement));
    await execa('ssh-keygen', ['-Y', 'sign', '-n', 'git', '-f', cast.keys.ana, file]);
    const signature = await readFile(`${file}.sig`, 'utf8');
    const other = { ...word, proof: { kind: 'ssh', signature } } as const;
    expect(await codeOf(start(await cast.standing(), other))).toBe('SIGNATURE_NAMESPACE');
  });

  it.each(['', 'nonsense', '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n'])(
    'with %j for a signature is refused',
    async (signature) => {
      const word = await cast.signed('ana', {});
      const broken = { ...word, proof: { kind: 'ssh', signature } } as const;
      expect(await codeOf(start(await cast.standing(), broken))).toBe('SIGNATURE_INVALID');
    },
  );

  it('is only for those who may', async () => {
    const people = {
      ana: cast.known('ana'),
      bob: { ...cast.known('bob'), may: ['approve' as const] },
    };
    const site = await cast.standing({ people });
    expect(await codeOf(start(site, await cast.signed('bob', {})))).toBe('SIGNER_MAY_NOT');
  });

  it('of a first deploy takes the people of its own release, and says so', async () => {
    const site = await openTrusted(cast.door);
    const release = await stored(site, { people: { ana: cast.known('ana') } });
    expect(await start(site, await cast.signed('eve', {}))).toBeUndefined();
    const first = (word: Signed | undefined) => {
      const runId = randomUUID();
      const asked = { ...request, ...(word && { signed: word }) };
      const at = { kind: 'deploy', request: asked, runId, by: runId, work: '1' } as const;
      return admitFirst(site, at, release);
    };
    expect(await codeOf(first(undefined))).toBe('SIGNATURE_MISSING');
    expect(await codeOf(first(await cast.signed('eve', {})))).toBe('SIGNER_UNKNOWN');
    const { acts } = await first(await cast.signed('ana', {}));
    expect(acts?.[0]?.note).toContain('first deploy: the people of this release');
  });

  it('of an environment that names nobody goes on as before', async () => {
    const site = await openTrusted(cast.door);
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
