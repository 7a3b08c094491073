import type pg from 'pg';
import { z } from 'zod';
import { AuthError } from './auth-error.ts';

const Time = z.date().nullable();

/** A row of `auth.users` as this face reads it. */
export const User = z.object({
  id: z.string(),
  aud: z.string(),
  role: z.string(),
  email: z.string().nullable(),
  encrypted_password: z.string().nullable(),
  email_confirmed_at: Time,
  invited_at: Time,
  confirmation_sent_at: Time,
  recovery_sent_at: Time,
  email_change: z.string(),
  email_change_sent_at: Time,
  last_sign_in_at: Time,
  raw_app_meta_data: z.record(z.string(), z.unknown()),
  raw_user_meta_data: z.record(z.string(), z.unknown()),
  created_at: z.date(),
  updated_at: z.date(),
  phone: z.string().nullable(),
  banned_until: Time,
  is_anonymous: z.boolean(),
});
export type User = z.infer<typeof User>;

/** Columns that a request may set; undefined ones stay. */
export type UserChange = Partial<Omit<User, 'created_at' | 'updated_at'>>;

/** The user that a condition finds, if any. */
export async function findUser(
  pool: pg.Pool,
  column: 'id' | 'email',
  value: string,
): Promise<User | undefined> {
  const condition = column === 'id' ? 'id::text = $1' : 'lower(email) = lower($1)';
  const { rows } = await pool.query(`select * from users where ${condition}`, [value]);
  return rows.length === 0 ? undefined : User.parse(rows[0]);
}

/** The user with this id; 404 `user_not_found` where there is none. */
export async function getUser(pool: pg.Pool, id: string): Promise<User> {
  const user = await findUser(pool, 'id', id);
  if (user === undefined) throw new AuthError(404, 'user_not_found', 'User not found');
  return user;
}

/** Adds a user with its e-mail identity; 422 `email_exists` where the address is taken. */
export async function insertUser(pool: pg.Pool, user: UserChange): Promise<User> {
  const names = columnsOf(user);
  const places = names.map((_, index) => `$${index + 1}`);
  const text = `with made as (
      insert into users (${names.join(', ')}) values (${places.join(', ')}) returning *),
    identity as (
      insert into identities (provider_id, user_id, identity_data, provider)
      select id::text, id, jsonb_build_object('sub', id, 'email', email), 'email' from made)
    select * from made`;
  const { rows } = await pool.query(text, valuesOf(user, names)).catch(emailTaken);
  return User.parse(rows[0]);
}

/** Changes columns of a user and answers the whole row. */
export async function updateUser(pool: pg.Pool, id: string, change: UserChange): Promise<User> {
  const names = columnsOf(change);
  const sets = [...names.map((name, index) => `${name} = $${index + 2}`), 'updated_at = now()'];
  const text = `update users set ${sets.join(', ')} where id = $1 returning *`;
  const { rows } = await pool.query(text, [id, ...valuesOf(change, names)]).catch(emailTaken);
  if (rows.length === 0) throw new AuthError(404, 'user_not_found', 'User not found');
  return User.parse(rows[0]);
}

function columnsOf(change: UserChange): (keyof UserChange)[] {
  return User.keyof().options.flatMap((name) =>
    name === 'created_at' || name === 'updated_at' || change[name] === undefined ? [] : [name],
  );
}

function valuesOf(change: UserChange, names: readonly (keyof UserChange)[]): unknown[] {
  return names.map((name) => change[name]);
}

function emailTaken(error: unknown): never {
  const unique = error instanceof Error && 'code' in error && error.code === '23505';
  if (!unique) throw error;
  const message = 'A user with this email address has already been registered';
  throw new AuthError(422, 'email_exists', message);
}
