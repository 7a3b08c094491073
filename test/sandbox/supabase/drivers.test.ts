import { expect, it } from 'vitest';
import { withClient } from '../../../src/postgres/connect.ts';
import type { SupabaseAccess } from '../../../src/supabase/access.ts';
import { applySettings, readSettings } from '../../../src/supabase/auth-settings.ts';
import {
  adminDeleteUser,
  authSettings,
  generateLink,
  signIn,
  signUp,
  verify,
} from '../../../src/supabase/auth.ts';
import { setApiSchemas } from '../../../src/supabase/data-api.ts';
import { pooledConnection, resetPassword, runSql } from '../../../src/supabase/database.ts';
import { doorOf } from '../../../src/supabase/door.ts';
import { readJwtSecret } from '../../../src/supabase/keys.ts';
import { createProject, findProject } from '../../../src/supabase/project.ts';
import { waitUntilReady } from '../../../src/supabase/readiness.ts';
import { probeRest } from '../../../src/supabase/rest.ts';
import { enforceSsl } from '../../../src/supabase/ssl.ts';
import { claimsWithin } from '../../../sandbox/supabase/jwt.ts';
import { mailServer, openStandIn } from './stand-in.ts';

it('serves every call that a deploy makes, from the first project to the last look', async () => {
  await using standIn = await openStandIn();
  const access: SupabaseAccess = {
    api: standIn.supabase.managementUrl,
    token: async () => standIn.supabase.token,
    projectUrl: async (ref) =>
      String(Object((await standIn.api('GET', `/_sandbox/projects/${ref}`)).body).url),
    databaseCa: standIn.supabase.databaseCa,
  };
  const [name, organization] = ['wellness-production', 'wellness-production'];
  const wanted = { name, organization, region: 'us-east-1', password: 'first-password' };
  expect(await findProject(access, wanted)).toBeUndefined();
  const project = await createProject(access, wanted);
  expect(await findProject(access, wanted)).toMatchObject({ ref: project.ref });
  const { ref } = await waitUntilReady(access, project.ref, { everyMs: 500 });

  const settings = { jwt_exp: 86_400, mailer_autoconfirm: false, site_url: 'https://w.example' };
  await applySettings(access, { ref, wanted: settings });
  expect(await applySettings(access, { ref, wanted: settings })).toEqual([]);
  const fields = Object.keys(settings);
  expect(await readSettings(access, { ref, fields })).toEqual(settings);
  expect(await enforceSsl(access, { ref, enforced: true })).toEqual({ changed: true });
  expect(await setApiSchemas(access, { ref, schemas: ['public', 'users'] })).toEqual({
    changed: true,
  });

  await resetPassword(access, { ref, password: 'second-password' });
  const address = await pooledConnection(access, ref);
  await withClient({ ...address, password: 'second-password' }, (client) =>
    client.query('create table public.seen (id int); alter table seen enable row level security'),
  );
  expect(await runSql(access, { ref, query: 'select count(*)::int as n from seen' })).toEqual([
    { n: 0 },
  ]);

  const door = await doorOf(access, ref);
  expect(await authSettings(door)).toEqual({ autoconfirm: false, signupDisabled: false });
  const credentials = { email: 'ann@shop.dev', password: 'long-enough' };
  await applySettings(access, { ref, wanted: mailServer });
  const { userId } = await signUp(door, credentials);
  expect(await signIn(door, credentials)).toMatchObject({ code: 'email_not_confirmed' });
  const { tokenHash } = await generateLink(door, { ...credentials, type: 'signup' });
  await verify(door, { token_hash: tokenHash, type: 'signup' });
  const session = await signIn(door, credentials);
  expect(session).toMatchObject({ signedIn: true, userId });
  const token = session.signedIn ? session.token : '';
  expect(await readJwtSecret(access, ref)).toBeUndefined();
  const claims = claimsWithin(token, new Date());
  expect(Number(claims?.exp) - Number(claims?.['iat'])).toBe(86_400);
  const look = async (): Promise<number> =>
    (await probeRest(door, { schema: 'public', path: 'seen', token })).status;
  await expect.poll(look).toBe(200);
  await adminDeleteUser(door, userId);
  await adminDeleteUser(door, userId);
});
