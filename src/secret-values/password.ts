import { randomBytes } from 'node:crypto';

/** A fresh password: 192 random bits that need no escaping in a URL. */
export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
