import type { User } from './users.ts';

/** A user as the API answers it; nothing of the password. */
export function shownUser(user: User): Record<string, unknown> {
  const { id, aud, role, email, is_anonymous, created_at, updated_at } = user;
  return {
    ...{ id, aud, role, email: email ?? '', phone: user.phone ?? '' },
    ...present({ email_confirmed_at: user.email_confirmed_at }),
    ...present({ confirmed_at: user.email_confirmed_at, invited_at: user.invited_at }),
    ...present({ confirmation_sent_at: user.confirmation_sent_at }),
    ...present({ recovery_sent_at: user.recovery_sent_at, last_sign_in_at: user.last_sign_in_at }),
    ...present({ banned_until: user.banned_until, new_email: user.email_change || null }),
    app_metadata: user.raw_app_meta_data,
    user_metadata: user.raw_user_meta_data,
    identities: [identity(user)],
    ...{ created_at, updated_at, is_anonymous },
  };
}

function identity(user: User): Record<string, unknown> {
  const { id, email, created_at, updated_at } = user;
  const data = { sub: id, email, email_verified: user.email_confirmed_at !== null };
  return {
    ...{ identity_id: id, id, user_id: id, identity_data: data, provider: 'email', email },
    ...{ created_at, updated_at },
  };
}

function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
