import { isLoopbackHost } from '../../loopback-host.ts';
import { writeMessage } from '../mail/message.ts';
import { sendBySmtp } from '../mail/smtp-client.ts';
import { AuthError } from './auth-error.ts';
import type { Face } from './face.ts';
import { ownMailer, requirePause, requireSendable } from './mail-rules.ts';
import { type MailKind, mailText } from './mail-texts.ts';
import { issueToken, type TokenType } from './one-time-tokens.ts';
import { updateUser, type User } from './users.ts';

const kinds = {
  signup: { token: 'confirmation_token', sent: 'confirmation_sent_at' },
  recovery: { token: 'recovery_token', sent: 'recovery_sent_at' },
  email_change: { token: 'email_change_token_new', sent: 'email_change_sent_at' },
} as const satisfies Record<MailKind, { token: TokenType; sent: keyof User }>;

/** Makes a one-time token and mails it by the rules of hosted Auth; an older project sends none. */
export async function mailToken(
  face: Face,
  user: User,
  mail: { readonly kind: MailKind; readonly to?: string; readonly redirectTo: string },
): Promise<User> {
  const { token, sent } = kinds[mail.kind];
  const to = mail.to ?? user.email ?? '';
  if (face.mail) requirePause(face, user[sent]);
  if (face.mail) requireSendable(face, to);
  const issued = await issueToken(face, user, token, to);
  if (face.mail) await send(face, mailText(face, { ...mail, ...issued, to }), mail.kind);
  return updateUser(face.pool, user.id, { [sent]: face.now });
}

interface Text {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
}

async function send(face: Face, text: Text, kind: MailKind): Promise<void> {
  const own = ownMailer(face.settings);
  const { smtp_admin_email: admin, smtp_sender_name: name } = face.settings;
  const from = own ? { name, address: admin } : builtIn;
  const message = writeMessage({ from, ...text }, face.now);
  const envelope = { from: from.address, to: [text.to], message };
  await sendBySmtp(relayOf(face, own), envelope).catch((error: unknown) => {
    process.stderr.write(`supabase ${face.record.ref}: ${String(error)}\n`);
    const what = { signup: 'confirmation', recovery: 'recovery', email_change: 'email change' }[
      kind
    ];
    throw new AuthError(500, 'unexpected_failure', `Error sending ${what} email`);
  });
}

const builtIn = { name: 'Supabase Auth', address: 'noreply@mail.app.supabase.io' };

// No mail leaves the machine: every name but the machine's own is the sandbox's catcher.
function relayOf({ settings, mail }: Face, own: boolean) {
  const { smtp_host: host, smtp_port: port, smtp_user: user, smtp_pass: pass } = settings;
  const account = own && user !== '' ? { user, pass } : undefined;
  return own && isLoopbackHost(host)
    ? { host, port: Number(port), account }
    : { host: '127.0.0.1', port: mail?.port() ?? 0, account };
}
