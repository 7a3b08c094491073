import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessVersion } from '../../src/gcp/secrets.ts';
import { clearPassword, setRolePassword } from '../../src/postgres/roles.ts';
import { loginOf } from '../../src/secret-values/database-url.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';

let rig: Rig;
const role = 'practices_service';

beforeAll(async () => {
  rig = await openRig();
  expect((await windlass('deploy')).exitCode).toBe(0);
  await rig.edit('examples/wellness/meals/main.py', 'VERSION = "1.0.0"', 'VERSION = "2.0.0"');
  expect((await windlass('deploy')).exitCode).toBe(0);
});
afterAll(() => rig?.close());

it('returns to where it came from when a role of the release before cannot log in', async () => {
  const before = await rig.fingerprint();
  await clearPassword(await requireDatabase(await rig.site()), role);
  const ended = await windlass('rollback');
  expect(ended.exitCode, ended.all).toBe(4);
  expect(ended.all).toContain('SERVICE_LOGIN_REFUSED');
  expect(ended.all).toContain('practices cannot log in to its database');
  expect(ended.all.indexOf('traffic    done')).toBeLessThan(ended.all.indexOf('logins     begins'));
  expect((await rig.fingerprint()).lines).toEqual(before.lines);
});

it('goes through once it can, each login proven before the services are applied', async () => {
  const site = await rig.site();
  const secret = 'practices-database-url';
  const { password } = loginOf(
    String(await accessVersion(site.google, { secret, version: 'latest' })),
    undefined,
  );
  await setRolePassword(await requireDatabase(site), { role, password });
  const ended = await windlass('rollback');
  expect(ended.exitCode, ended.all).toBe(0);
  const [logins, services] = ['logins     done', 'services   begins'];
  expect(ended.all).toContain(logins);
  expect(ended.all.indexOf(logins)).toBeLessThan(ended.all.indexOf(services));
  expect(await versionsAt(site)).toMatchObject({ meals: '1.0.0', practices: '1.0.0' });
});

const windlass = (verb: string) => rig.windlass(verb, '-e', 'production');
