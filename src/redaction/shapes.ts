/** What looks like a secret whoever knows it: a pattern, and what of a match is left to be seen. */
export interface Shape {
  readonly pattern: RegExp;
  /** Groups of the match that stay before and after the mark. */
  readonly keeps?: true;
}

/** Names by which programs call what is secret; in front of `=`, or of `:` before quotes. */
const names =
  '[\\w.-]*(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|credential|authorization|cookie)s?';

/** Groups: what stays before; what goes; what stays after. */
export const shapes: readonly Shape[] = [
  { pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g },
  { pattern: /\beyJ[\w-]{8,}\.[\w-]+\.?[\w-]*/g }, // a JWT
  { pattern: /\bsb[a-z]*_[\w-]{20,}/g }, // Supabase: sbp_, sb_secret_
  { pattern: /\b(?:gh[pousr]_|github_pat_|glpat-|npm_|dckr_pat_|shpat_)\w{16,}/g },
  { pattern: /\b(?:sk|rk|pk|whsec)[_-](?:live_|test_|proj-|ant-)?[\w-]{20,}/g }, // Stripe, model APIs
  { pattern: /\bya29\.[\w.-]{10,}|\bAIza[\w-]{30,}|\bGOCSPX-[\w-]{10,}/g }, // Google
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g }, // AWS
  { pattern: /\bxox[abeprs]-[\w-]{10,}/g }, // Slack
  { pattern: /\bSG\.[\w-]{16,}\.[\w-]{16,}/g }, // SendGrid
  {
    pattern:
      /(hooks\.slack\.com\/(?:services|workflows)\/|discord(?:app)?\.com\/api\/webhooks\/)()[^\s"']+()/g,
    keeps: true,
  },
  { pattern: /\bSCRAM-SHA-256\$\d+:[^\s'"]+/g },
  // The password of a URL; one that holds a raw `@` ends at the last. A port with a path is none.
  { pattern: /(:\/\/[^\s:/@'"]*:)(?!\d{1,5}(?:[/?#]|$))([^\s'"]+)(@)/g, keeps: true },
  { pattern: /(%3A%2F%2F[^\s%]*%3A)((?:(?!%40)\S)+)(%40)/gi, keeps: true },
  // A line of a password file.
  { pattern: /(\b[\w.-]+:\d{2,5}:(?:\*|[\w-]+):[\w.-]+:)([^\s'"]{4,})()/g, keeps: true },
  { pattern: /(\bbearer\s+)([\w.~+/=-]{12,})()/gi, keeps: true },
  { pattern: /(\bbasic\s+)([A-Za-z0-9+/=]{12,})()/gi, keeps: true },
  { pattern: /(\bpassword\s+')((?:[^']|'')+)(')/gi, keeps: true }, // alter role … password '…'
  { pattern: new RegExp(`(\\b${names}\\s*=\\s*(["']))((?:(?!\\2).)+)(\\2)`, 'gi'), keeps: true },
  { pattern: new RegExp(`(\\b${names}\\s*=\\s*)([^\\s"',;&)\\]}]{4,})()`, 'gi'), keeps: true },
  {
    pattern: new RegExp(`(\\b${names}\\\\?["']\\s*:\\s*\\\\?["'])([^"'\\\\]{4,})()`, 'gi'),
    keeps: true,
  },
  {
    pattern:
      /^((?:authorization|proxy-authorization|apikey|x-[\w-]*token|cookie|set-cookie)\s*:\s*)(\S.*)()$/gim,
    keeps: true,
  },
];
