/** What the pooler refuses, in the words of Supavisor's own errors (supabase/supavisor, lib/supavisor/errors). */
export type Refusal = string;

export const refusals = {
  noTenant: () =>
    '(ENOIDENTIFIER) no tenant identifier provided (external_id or sni_hostname required)',
  notFound: (user: string, ref: string) => `(ENOTFOUND) tenant/user ${user}.${ref} not found`,
  tlsRequired: (user: string) => `(ESSLREQUIRED) SSL connection is required for user: ${user}`,
  address: (address: string) =>
    `(EADDRNOTALLOWED) address not in tenant allow_list: {${address.split('.').join(', ')}}`,
  full: (size: number) =>
    `(EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: ${size}`,
  away: () => '(EAUTHQUERY) authentication query failed: connection to database not available',
} as const;

/** The message that ends a session before it began: FATAL, SQLSTATE XX000. */
export function fatal(message: Refusal): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0CXX000\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, fields]);
}
