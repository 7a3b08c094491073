// An admin, as the service `users` sees one: a user whom Auth calls so, in what users cannot write.

import { randomBytes } from 'node:crypto';
import { contract, door, expect, supabase } from './windlass.mjs';

const email = contract.mailbox.replace('@', `+admin-${contract.run}@`);
const credentials = { email, password: `${randomBytes(18).toString('base64url')}aA1!` };
const wanted = { ...credentials, email_confirm: true, app_metadata: { role: 'admin' } };
expect('An admin is made', await door('/auth/v1/admin/users', wanted), 200);
const path = '/auth/v1/token?grant_type=password';
const session = expect('An admin signs in', await supabase(path, { body: credentials }), 200);

/** The headers of a request as that admin. */
export const admin = { 'x-user-token': session.access_token };
