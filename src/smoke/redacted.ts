/** A text without the secrets that are known, and without what looks like a token or a password. */
export function redacted(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length >= 8);
  const without = known.reduce((all, secret) => all.replaceAll(secret, gone), text);
  return patterns.reduce((all, pattern) => all.replaceAll(pattern, gone), without);
}

const gone = '[secret]';
const patterns = [
  /\beyJ[\w-]{8,}\.[\w-]+\.?[\w-]*/g, // a JWT
  /\bsb[a-z]*_(secret_)?[\w-]{20,}/g, // keys and tokens of Supabase
  /(?<=:\/\/[^\s:/@]*:)[^\s@]+(?=@)/g, // the password of a URL
  /(?<=\bbearer )\S+/gi,
];
