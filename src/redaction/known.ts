import { bytesForms, encodedForms, shortest } from './encoded-forms.ts';

/** By value: every form in which a secret that passed through this process may come back. */
const known = new Map<string, readonly string[]>();
let sorted: readonly string[] | undefined;

/** Values that are remembered: short-lived logins of a month, and every secret in use besides. */
const most = 4000;

/**
 * Remembers a secret value for as long as the process lives, so that `redacted` finds it again: as
 * it is, its lines, the strings in it where it is JSON, the password where it is a URL, and each of
 * these encoded as URLs, JSON, base64, hexadecimal and password files do. Common words are not kept.
 */
export function learnSecret(value: string | Uint8Array): void {
  const bytes = Buffer.from(value);
  const key = bytes.toString('latin1');
  const forms = known.get(key);
  if (forms)
    known.delete(key); // it counts as the newest again
  else sorted = undefined;
  known.set(key, forms ?? formsOfValue(bytes));
  if (known.size > most) forgetOldest();
}

/** The forms that are known by now, the longest first. */
export function knownForms(): readonly string[] {
  return (sorted ??= [...new Set([...known.values()].flat())].sort((a, b) => b.length - a.length));
}

function forgetOldest(): void {
  const [oldest] = known.keys();
  if (oldest !== undefined) known.delete(oldest);
  sorted = undefined;
}

function formsOfValue(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8');
  const forms = Buffer.from(text).equals(bytes)
    ? partsOf(text).flatMap(encodedForms)
    : bytesForms(bytes);
  return forms.filter((form) => form.length >= shortest);
}

/** The value, its lines, and what in it is secret by itself. */
function partsOf(text: string): readonly string[] {
  const whole = text.trim();
  const lines = whole.includes('\n') ? whole.split('\n').filter((line) => line.length >= 16) : [];
  const all = [whole, ...lines, ...stringsIn(whole), ...passwordsIn(whole)];
  return all.filter((part) => part.length >= shortest && !isPlain(part));
}

/** A word or an address that opens nothing: to hide it would hide what a report has to say. */
function isPlain(text: string): boolean {
  if (/^([a-z]{1,14}|[\d.]+|true|false|null)$/i.test(text)) return true;
  return URL.canParse(text) && /^https?:\/\/[^@?]*$/.test(text) && !/[\w-]{20,}/.test(path(text));
}

function path(text: string): string {
  return new URL(text).pathname;
}

function stringsIn(text: string): readonly string[] {
  if (!/^[[{]/.test(text)) return [];
  try {
    return leaves(JSON.parse(text)).flatMap((leaf) => [leaf, ...passwordsIn(leaf)]);
  } catch {
    return [];
  }
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leaves);
}

function passwordsIn(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const { password } = new URL(text);
  return password === '' ? [] : [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
