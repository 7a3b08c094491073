import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { signToken } from '../signing.ts';
import { AuthError } from './auth-error.ts';
import type { Face } from './face.ts';
import { shownUser } from './shown-user.ts';
import { getUser, updateUser, type User } from './users.ts';

const Id = z.object({ id: z.string(), created_at: z.date(), amr_method: z.string() });
const Refresh = z.object({
  user_id: z.string(),
  session_id: z.string(),
  revoked: z.boolean(),
  updated_at: z.date(),
});
type SessionRow = z.infer<typeof Id>;

/** Signs the user in: a new session with its access and refresh token. */
export async function signIn(face: Face, user: User, method: 'password' | 'otp') {
  const text =
    'insert into sessions (user_id, amr_method, created_at) values ($1, $2, $3) returning *';
  const { rows } = await face.pool.query(text, [user.id, method, face.now]);
  const signedIn = await updateUser(face.pool, user.id, { last_sign_in_at: face.now });
  return tokens(face, signedIn, Id.parse(rows[0]), await newRefreshToken(face, user, rows[0].id));
}

/** Exchanges a refresh token; one that was used before ends the whole session. */
export async function refresh(face: Face, token: string) {
  const found = await face.pool.query('select * from refresh_tokens where token = $1', [token]);
  const [row] = Refresh.array().parse(found.rows);
  if (row === undefined)
    throw new AuthError(
      400,
      'refresh_token_not_found',
      'Invalid Refresh Token: Refresh Token Not Found',
    );
  const user = await getUser(face.pool, row.user_id);
  const session = await sessionOf(face, row.session_id);
  if (row.revoked) await requireWithinReuse(face, row);
  if (face.settings.refresh_token_rotation_enabled === false)
    return tokens(face, user, session, token);
  const revoke = 'update refresh_tokens set revoked = true, updated_at = $2 where token = $1';
  await face.pool.query(revoke, [token, face.now]);
  return tokens(face, user, session, await newRefreshToken(face, user, session.id, token));
}

/** The session that an access token belongs to; 403 `session_not_found` after a sign-out. */
export async function sessionOf(face: Face, id: string | undefined): Promise<SessionRow> {
  const { rows } = await face.pool.query('select * from sessions where id::text = $1', [id ?? '']);
  const [session] = Id.array().parse(rows);
  if (session !== undefined) return session;
  const message = 'Session from session_id claim in JWT does not exist';
  throw new AuthError(403, 'session_not_found', message);
}

/** Ends this session, all of the user's, or all others. */
export async function signOut(
  face: Face,
  session: { userId: string; id: string },
  scope: 'global' | 'local' | 'others',
): Promise<void> {
  const condition = { global: '$2::text <> $3', local: 'id::text = $2', others: 'id::text <> $2' };
  const text = `delete from sessions where user_id = $1 and ${condition[scope]}`;
  const values = [session.userId, session.id, ...(scope === 'global' ? [''] : [])];
  await face.pool.query(text, values);
}

async function requireWithinReuse(face: Face, row: z.infer<typeof Refresh>): Promise<void> {
  const ageMs = face.now.getTime() - row.updated_at.getTime();
  if (ageMs <= (face.settings.security_refresh_token_reuse_interval ?? 0) * 1000) return;
  await face.pool.query('delete from sessions where id = $1', [row.session_id]);
  throw new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used');
}

async function newRefreshToken(
  face: Face,
  user: User,
  sessionId: string,
  parent: string | null = null,
): Promise<string> {
  const token = randomBytes(16).toString('base64url');
  const text = `insert into refresh_tokens (token, user_id, session_id, parent, updated_at)
    values ($1, $2, $3, $4, $5)`;
  await face.pool.query(text, [token, user.id, sessionId, parent, face.now]);
  return token;
}

function tokens(face: Face, user: User, session: SessionRow, refreshToken: string) {
  const iat = Math.floor(face.now.getTime() / 1000);
  const exp = iat + face.settings.jwt_exp;
  const signedIn = Math.floor(session.created_at.getTime() / 1000);
  const claims = {
    ...{ iss: `${face.url}/auth/v1`, sub: user.id, aud: user.aud, exp, iat },
    ...{ email: user.email ?? '', phone: user.phone ?? '', role: user.role, aal: 'aal1' },
    app_metadata: user.raw_app_meta_data,
    user_metadata: user.raw_user_meta_data,
    amr: [{ method: session.amr_method, timestamp: signedIn }],
    session_id: session.id,
    is_anonymous: user.is_anonymous,
  };
  return {
    access_token: signToken(face.record, claims),
    ...{ token_type: 'bearer', expires_in: exp - iat, expires_at: exp },
    refresh_token: refreshToken,
    user: shownUser(user),
  };
}
