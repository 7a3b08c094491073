import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AuthError } from './auth-error.ts';
import type { AuthSettings } from './face.ts';

const KEY_BYTES = 32;

/** A salted scrypt hash: `scrypt$<salt>$<key>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16).toString('hex');
  return `scrypt$${salt}$${(await derive(password, salt)).toString('hex')}`;
}

/** Whether the password is the one that was hashed; false where there is no hash. */
export async function passwordFits(password: string, hash: string | null): Promise<boolean> {
  const [, salt, key] = (hash ?? '').split('$');
  if (salt === undefined || key === undefined) return false;
  return timingSafeEqual(await derive(password, salt), Buffer.from(key, 'hex'));
}

/** Refuses a password that the project's rules call weak (422 `weak_password`). */
export function requireStrong(password: string, settings: AuthSettings): void {
  const { password_min_length: min, password_required_characters: sets } = settings;
  if (password.length < min) weak(`Password should be at least ${min} characters.`, 'length');
  const missing = (sets ?? '').split(':').find((set) => set !== '' && !containsOne(password, set));
  if (missing !== undefined)
    weak(`Password should contain at least one character of: ${missing}`, 'characters');
}

function weak(message: string, reason: string): never {
  throw new AuthError(422, 'weak_password', message, { weak_password: { reasons: [reason] } });
}

function containsOne(password: string, set: string): boolean {
  return Array.from(set).some((character) => password.includes(character));
}

function derive(password: string, salt: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
