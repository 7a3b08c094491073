import { randomBytes } from 'node:crypto';
import { learnSecret } from '../redaction/known.ts';

/** A fresh password: 192 random bits that need no escaping in a URL. */
export function newPassword(): string {
  const password = randomBytes(24).toString('base64url');
  learnSecret(password);
  return password;
}
