import { createHmac } from 'node:crypto';
import type { ProjectRecord, Settings } from '../record.ts';

type Changes = Readonly<Record<string, Settings[string] | undefined>>;

const smtp = ['admin_email', 'host', 'pass', 'port', 'sender_name', 'user'];
const BUILT_IN_PER_HOUR = 2;
const OWN_PER_HOUR = 30;

/** The settings after a change. SMTP that is taken away takes all its fields along, as on Supabase. */
export function mergedAuth(before: Settings, changes: Changes): Settings {
  const stated = Object.entries(changes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const after: Settings = { ...before, ...Object.fromEntries(stated) };
  const [had, has] = [Boolean(before['smtp_host']), Boolean(after['smtp_host'])];
  if (had && !has) {
    const none = Object.fromEntries(smtp.map((name) => [`smtp_${name}`, null]));
    return { ...after, ...none, rate_limit_email_sent: BUILT_IN_PER_HOUR };
  }
  const limit = changes['rate_limit_email_sent'] ?? (had || !has ? undefined : OWN_PER_HOUR);
  return limit === undefined ? after : { ...after, rate_limit_email_sent: limit };
}

/** The settings as the API answers them: of the mailer's password an HMAC under the project's ref. */
export function shownAuth({ auth, ref }: ProjectRecord): Settings {
  const pass = auth['smtp_pass'];
  if (typeof pass !== 'string' || pass === '') return auth;
  return { ...auth, smtp_pass: createHmac('sha256', ref).update(pass).digest('hex') };
}
