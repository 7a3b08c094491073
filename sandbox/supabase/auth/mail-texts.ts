import type { Face } from './face.ts';
import type { IssuedToken } from './one-time-tokens.ts';

/** What a mail is for, as its link says it. */
export type MailKind = 'signup' | 'recovery' | 'email_change';

type Mail = IssuedToken & {
  readonly kind: MailKind;
  readonly to: string;
  readonly redirectTo: string;
};

const names = {
  signup: 'confirmation',
  recovery: 'recovery',
  email_change: 'email_change',
} as const;
const subjects = {
  signup: 'Confirm Your Signup',
  recovery: 'Reset Your Password',
  email_change: 'Confirm Email Change',
} as const;
const invitation = '<p><a href="{{ .ConfirmationURL }}">Follow this link</a></p>';

/** Subject and text of a mail, by the project's own templates where it has some. */
export function mailText(face: Face, mail: Mail) {
  const { auth } = face.record;
  const name = names[mail.kind];
  const subject = filled(stated(auth[`mailer_subjects_${name}`], subjects[mail.kind]), face, mail);
  const template = stated(auth[`mailer_templates_${name}_content`], invitation);
  return { to: mail.to, subject, html: filled(template, face, mail) };
}

function stated(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

function filled(template: string, face: Face, { kind, to, hash, otp, redirectTo }: Mail): string {
  const query = new URLSearchParams({ token: hash, type: kind, redirect_to: redirectTo });
  const values: Readonly<Record<string, string>> = {
    ConfirmationURL: `${face.url}/auth/v1/verify?${query.toString()}`,
    SiteURL: face.settings.site_url,
    RedirectTo: redirectTo,
    Token: otp,
    TokenHash: hash,
    Email: to,
  };
  return template.replaceAll(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name: string) => values[name] ?? '');
}
