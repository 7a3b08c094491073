// Calls to the private services, with an identity token of our own account for each.

const metadata = process.env['GCE_METADATA_HOST'] ?? 'metadata.google.internal';
const tokens = new Map<string, { readonly token: string; readonly until: number }>();
const keptMs = 30 * 60_000; // of an hour

/** The header by which a test of a new release says which services have a candidate in it. */
export const candidatesHeader = 'x-windlass-candidates';

/**
 * The JSON that a private service answers; an error with its status where that is not a success.
 * `candidates` is the value of that header in the request that this one is made for, if it had one.
 */
export async function call(
  name: 'purchases' | 'parcels',
  path: string,
  { candidates = '', ...init }: RequestInit & { readonly candidates?: string } = {},
): Promise<unknown> {
  const known = name.toUpperCase();
  const audience = process.env[`${known}_URL`] ?? ''; // whichever of its revisions is called
  const candidate = candidates.split(',').includes(name) && process.env[`${known}_CANDIDATE_URL`];
  const base = candidate || audience;
  const headers = {
    authorization: `Bearer ${await tokenFor(audience)}`,
    'content-type': 'application/json',
    ...(candidates && { [candidatesHeader]: candidates }),
  };
  const answer = await fetch(`${base}${path}`, { ...init, headers });
  const text = await answer.text();
  if (!answer.ok)
    throw new Error(`${new URL(base).host}${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

async function tokenFor(audience: string): Promise<string> {
  const known = tokens.get(audience);
  if (known && Date.now() < known.until) return known.token;
  const path = '/computeMetadata/v1/instance/service-accounts/default/identity';
  const answer = await fetch(
    `http://${metadata}${path}?audience=${encodeURIComponent(audience)}&format=full`,
    { headers: { 'metadata-flavor': 'Google' } },
  );
  if (!answer.ok) throw new Error(`no identity token: ${answer.status}`);
  const token = (await answer.text()).trim();
  tokens.set(audience, { token, until: Date.now() + keptMs });
  return token;
}
