import { randomBytes } from 'node:crypto';

/** A secret that was planted, and the part of it by which it is known in whatever encoding. */
export interface Canary {
  readonly name: string;
  /** Through which door it comes in: a value in Secret Manager, a variable of the caller, a file. */
  readonly by: 'external' | 'variable' | 'webhook';
  readonly core: string;
  readonly value: string;
}

const wrapped = (core: string, text: string) => text.replaceAll('CORE', core);
const pem =
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nCORE\nAgEAAoIBAQC7\n-----END PRIVATE KEY-----\n';

/** Values in forms that people have, with CORE where the part stands by which each is known. */
const external: Readonly<Record<string, string>> = {
  plain: 'CORE',
  sentence: 'a passphrase of CORE and words',
  quoted: `it's "CORE" \\ here`,
  url: 'https://hooks.example.com/services/CORE',
  dsn: 'postgresql://app:CORE%2F@db.example.com:5432/app',
  redis: 'rediss://:CORE@cache.example.com:6380/0',
  json: '{"type":"service_account","private_key":"CORE","client_email":"a@b.example"}',
  nested: '{"a":{"b":["CORE"]}}',
  pem,
  bearer: 'Bearer CORE',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.CORE.c2ln',
  stripe: 'sk_live_CORE',
  github: 'ghp_CORE',
  'supabase-token': 'sbp_CORE',
  lines: 'user=app\npassword=CORE\n',
  symbols: 'CORE!*()&?=+%20',
  umlauts: 'grüße-CORE-ß',
};

/** Variables that a caller's shell is likely to have. */
const variables: readonly string[] = [
  ...['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'OPENAI_API_KEY', 'NPM_TOKEN'],
  ...['PGPASSWORD', 'DATABASE_URL', 'STRIPE_API_KEY'],
];

/** 25 secrets of different kinds, new ones at every call. */
export function canaries(): readonly Canary[] {
  const core = () => `canary${randomBytes(9).toString('hex')}`;
  const one = (by: Canary['by'], name: string, form: string): Canary => {
    const known = core();
    return { by, name, core: known, value: wrapped(known, form) };
  };
  return [
    ...Object.entries(external).map(([name, form]) => one('external', name, form)),
    ...variables.map((name) => one('variable', name, 'CORE')),
    one('webhook', 'webhook', 'CORE'),
  ];
}
