import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { join } from 'node:path';
import { mintAccessToken } from '../../sandbox/google/tokens.ts';
import { googleIdentity } from '../../src/identity/google-identity.ts';
import { osUser, usersAbove } from '../../src/identity/os-user.ts';
import type { Process } from '../../src/identity/os-user.ts';
import { onePerson } from '../../src/words.ts';
import { openGoogle, project } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

describe('the system’s user', () => {
  it('is who runs the process, whatever its variables say', async () => {
    const asked = await identityUnder({ USER: 'bob', LOGNAME: 'bob', WINDLASS_ACTOR: 'bob' });
    expect(asked).toEqual(await identityUnder({}));
    expect(JSON.stringify(asked)).not.toContain('bob');
  });

  it.runIf(process.getuid?.() === 0)('stays who they were when they become another', async () => {
    const before = await osUser();
    for (const become of [
      ['setpriv', '--reuid=65534', '--clear-groups'],
      ['runuser', '-u', 'nobody', '--'],
    ]) {
      const after = await identityUnder({}, become);
      expect(after.by).toContain('uid 65534');
      expect(onePerson({ actor: 'x', identity: before }, { actor: 'y', identity: after })).toBe(
        true,
      );
    }
  });

  it('counts sudo’s word and the users of the processes above, up to the door of the machine', async () => {
    const tree: readonly Process[] = [
      { pid: 30, parent: 20, uid: 1001, name: 'node' },
      { pid: 20, parent: 10, uid: 0, name: 'sudo' },
      { pid: 10, parent: 5, uid: 1000, name: 'bash' },
      { pid: 5, parent: 1, uid: 0, name: 'sshd' },
      { pid: 1, parent: 0, uid: 0, name: 'systemd' },
    ];
    const lookUp = async (pid: number) => tree.find((one) => one.pid === pid);
    expect(await usersAbove(30, lookUp)).toEqual([1001, 0, 1000]);
    expect(await usersAbove(10, lookUp)).toEqual([1000]);
    const forged = tree.map((one) => (one.pid === 10 ? { ...one, name: 'sshd' } : one));
    const lookUpForged = async (pid: number) => forged.find((one) => one.pid === pid);
    expect(await usersAbove(30, lookUpForged)).toContain(1000);
    process.env['SUDO_UID'] = '4242';
    expect((await osUser(lookUp)).same).toContain('uid:4242');
    delete process.env['SUDO_UID'];
  });
});

describe('two names', () => {
  it.each([
    ['ana', ' Ana '],
    ['ana', 'ANA'],
    ['ana', 'a n a'],
    ['ana', 'ａｎａ'],
  ])('%j and %j are one person', (one, other) => {
    expect(onePerson({ actor: one }, { actor: other })).toBe(true);
  });

  it('of two people are two', () => {
    expect(onePerson({ actor: 'ana' }, { actor: 'bob' })).toBe(false);
  });
});

describe('Google’s word', () => {
  let door: GoogleDoor;
  beforeAll(async () => {
    door = await openGoogle();
  });
  afterAll(() => door.close());

  it('names whom the credential is of, by tokeninfo', async () => {
    expect(await googleIdentity(door.access)).toMatchObject({
      ...{ name: 'owner@sandbox', how: 'google' },
      same: ['google:100000000000000000001', 'google:owner@sandbox'],
    });
  });

  it('names a service account by its number, which the program of a person never is', async () => {
    const made = await door.call('POST', `/v1/projects/${project}/serviceAccounts`, {
      accountId: 'deployer',
    });
    const email = `deployer@${project}.iam.gserviceaccount.com`;
    expect(JSON.stringify(made)).toContain(email);
    const { accessToken } = mintAccessToken(door.world, email);
    const access = { ...door.access, token: async () => accessToken };
    expect(await googleIdentity(access)).toMatchObject({ name: expect.stringMatching(/^\d+$/) });
  });

  it('is missing for a token that Google does not know', async () => {
    const access = { ...door.access, token: async () => 'made-up' };
    await expect(googleIdentity(access)).rejects.toMatchObject({ code: 'IDENTITY_UNKNOWN' });
  });
});

/** The identity that a process of its own finds, behind the programs that made it somebody else. */
async function identityUnder(
  env: Readonly<Record<string, string>>,
  become: readonly string[] = [],
) {
  const source = join(import.meta.dirname, '..', '..', 'src', 'identity', 'os-user.ts');
  const code = `import { osUser } from ${JSON.stringify(source)}; console.log(JSON.stringify(await osUser()))`;
  const program = [process.execPath, '--input-type=module', '-e', code];
  const [file = '', ...args] = [...become, ...program];
  const { stdout } = await execa(file, args, { env, cwd: '/' });
  const found: Awaited<ReturnType<typeof osUser>> = JSON.parse(stdout);
  return found;
}
