import { randomBytes, randomInt } from 'node:crypto';
import { defaultAuthConfig } from './management/auth-config-defaults.ts';
import { newApiKey } from './keys.ts';
import type { ProjectRecord } from './record.ts';
import { newSigningKey } from './signing.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';
const REF_LENGTH = 20;

/** A project as it is just after it was asked for; two calls make two projects. */
export function newRecord(
  wanted: { name: string; organization: string; region: string; db_pass: string },
  now: Date,
): ProjectRecord {
  return {
    ref: Array.from({ length: REF_LENGTH }, () => letters.charAt(randomInt(26))).join(''),
    number: randomInt(1, 2 ** 31),
    name: wanted.name,
    organization: wanted.organization,
    region: wanted.region,
    createdAt: now.toISOString(),
    status: 'COMING_UP',
    passwords: {
      postgres: wanted.db_pass,
      supabase_admin: secret(),
      supabase_auth_admin: secret(),
      authenticator: secret(),
    },
    jwtSecret: randomBytes(40).toString('base64url'),
    ports: {},
    auth: defaultAuthConfig(),
    sendsMail: true,
    addons: [],
    apart: true,
    legacyKeys: false,
    signingKey: newSigningKey(now),
    apiKeys: (['publishable', 'secret'] as const).map((type) =>
      newApiKey({ name: 'default', type, description: null }, now),
    ),
    ...defaults,
  };
}

const defaults = {
  postgrest: {
    db_schema: 'public',
    max_rows: 1000,
    db_extra_search_path: 'public, extensions',
    db_pool: null,
  },
  postgres: {},
  ssl: false,
  network: { dbAllowedCidrs: ['0.0.0.0/0'], dbAllowedCidrsV6: ['::/0'] },
  secrets: {},
  poolSize: null,
};

function secret(): string {
  return randomBytes(24).toString('base64url');
}
