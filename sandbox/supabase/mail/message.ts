/** A mail as it is written: who it is from, for whom, and its text in HTML. */
export interface Message {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly html: string;
}

/** The message in the form of RFC 5322; the body is base64, so that no line is too long. */
export function writeMessage({ from, to, subject, html }: Message, now: Date): string {
  const body =
    Buffer.from(html)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return [
    `From: ${word(from.name)} <${from.address}>`,
    `To: <${to}>`,
    `Subject: ${word(subject)}`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=UTF-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...body,
  ].join('\r\n');
}

/** Subject and body of a message, decoded. */
export function readMessage(message: string): { readonly subject: string; readonly body: string } {
  const end = message.indexOf('\r\n\r\n');
  const head = end === -1 ? message : message.slice(0, end);
  const text = end === -1 ? '' : message.slice(end + 4);
  const field = (name: string): string =>
    new RegExp(`^${name}: *(.*)$`, 'im').exec(head.replaceAll(/\r\n[ \t]+/g, ' '))?.[1]?.trim() ??
    '';
  const base64 = field('Content-Transfer-Encoding').toLowerCase() === 'base64';
  const body = base64 ? Buffer.from(text, 'base64').toString() : text;
  return { subject: plain(field('Subject')), body };
}

function word(text: string): string {
  const safe = text.replaceAll(/[\r\n]+/g, ' ');
  return /^[\w .,'!-]*$/.test(safe) ? safe : `=?UTF-8?B?${Buffer.from(safe).toString('base64')}?=`;
}

function plain(text: string): string {
  return text.replaceAll(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, encoded: string) =>
    Buffer.from(encoded, 'base64').toString(),
  );
}
