import { AuthError } from './auth-error.ts';
import type { Face } from './face.ts';

// As Auth's own list: names of RFC 2606, and typed ones that bounce.
const ends = ['test', 'example', 'invalid', 'local', 'localhost'];
const hosts = ['example.com', 'example.net', 'example.org', 'test.com', 'email.com'];
const typos = ['gamil.com', 'gamai.com', 'anonymous.com'];
const addresses = ['test@gmail.com', 'example@gmail.com', 'someone@gmail.com', 'test@email.com'];

const BUILT_IN_PER_HOUR = 2;
const HOUR_MS = 3_600_000;

/** 429 where the last mail of this kind to the same user is too fresh. */
export function requirePause({ settings, now }: Face, sentAt: Date | null): void {
  if (sentAt === null) return;
  const left = settings.smtp_max_frequency - (now.getTime() - sentAt.getTime()) / 1000;
  if (left <= 0) return;
  const message = `For security purposes, you can only request this after ${Math.ceil(left)} seconds.`;
  throw new AuthError(429, 'over_email_send_rate_limit', message);
}

/** Refuses what hosted Auth would not send: to strangers without SMTP, too often, to nobody. */
export function requireSendable(face: Face, to: string): void {
  const { settings, mail, now } = face;
  const own = ownMailer(settings);
  if (!own && !mail?.members.includes(withoutLabel(to)))
    throw new AuthError(
      400,
      'email_address_not_authorized',
      `Email address "${to}" cannot be used as it is not authorized`,
    );
  const limit = own ? settings.rate_limit_email_sent : BUILT_IN_PER_HOUR;
  const recent = mail?.sent.filter((at) => now.getTime() - at < HOUR_MS) ?? [];
  if (recent.length >= limit)
    throw new AuthError(429, 'over_email_send_rate_limit', 'email rate limit exceeded');
  mail?.sent.splice(0, mail.sent.length, ...recent, now.getTime());
  if (reaches(to)) return;
  throw new AuthError(400, 'email_address_invalid', `Email address "${to}" is invalid`);
}

/** Whether the project has a mailer of its own instead of Supabase's. */
export function ownMailer({ smtp_host, smtp_admin_email }: Face['settings']): boolean {
  return smtp_host !== '' && smtp_admin_email !== '';
}

// Below example.com there is no mail server either, which Auth asks DNS for.
function reaches(address: string): boolean {
  const host = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  if (addresses.includes(address.toLowerCase()) || typos.includes(host)) return false;
  const last = host.slice(host.lastIndexOf('.') + 1);
  return !ends.includes(last) && !hosts.some((one) => host === one || host.endsWith(`.${one}`));
}

function withoutLabel(address: string): string {
  return address.toLowerCase().replace(/\+[^@]+@/, '@');
}
