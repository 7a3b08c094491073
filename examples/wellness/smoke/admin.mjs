// An admin, as the service `users` sees one: it takes the claims that its only caller, the gateway,
// has verified, and here that caller is we.

const encoded = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** The headers that say so. */
export const admin = {
  'x-user-token': `${encoded({ alg: 'none' })}.${encoded({ role: 'service_role' })}.`,
};
