import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findSigningKey, signText } from '../../src/identity/signing-key.ts';
import { publicKey } from '../end-to-end/signers.ts';
import { openCast } from './cast.ts';
import type { Cast } from './cast.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await openCast();
});
afterAll(() => cast.close());
afterEach(() => void vi.unstubAllEnvs());

describe('the key that signs', () => {
  it('is the one that WINDLASS_SIGNING_KEY names, by file, by public half or literally', async () => {
    for (const named of [
      cast.keys.ana,
      `${cast.keys.ana}.pub`,
      `key::${publicKey(cast.keys.ana)}`,
    ]) {
      vi.stubEnv('WINDLASS_SIGNING_KEY', named);
      const key = await findSigningKey();
      expect(key.publicKey).toBe(publicKey(cast.keys.ana).split(' ').slice(0, 2).join(' '));
    }
    vi.unstubAllEnvs();
  });

  it('is git’s where none is named, and missing in plain words where there is none', async () => {
    vi.stubEnv('HOME', cast.folder);
    vi.stubEnv('WINDLASS_SIGNING_KEY', '');
    vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
    await expect(findSigningKey()).rejects.toMatchObject({
      code: 'SIGNING_KEY_MISSING',
      fix: expect.stringContaining('ssh-keygen -t ed25519'),
    });
    await writeFile(
      join(cast.folder, '.gitconfig'),
      `[user]\n  signingkey = ${cast.keys.bob}.pub\n`,
    );
    expect((await findSigningKey()).file).toBe(`${cast.keys.bob}.pub`);
    vi.unstubAllEnvs();
  });

  it('may have a passphrase, which ssh-keygen asks for; a wrong one signs nothing', async () => {
    const file = join(cast.folder, 'locked');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', file]);
    const asking = join(cast.folder, 'askpass');
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
      const file = join(cast.folder, 'in-agent');
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
