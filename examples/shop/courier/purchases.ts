// Calls of purchases, with an identity token of our own account.

const { PURCHASES_URL = '', PURCHASES_CANDIDATE_URL, WINDLASS_TRIAL } = process.env;
const metadata = process.env['GCE_METADATA_HOST'] ?? 'metadata.google.internal';
// While it is tried, before a release counts, it calls the purchases of that release.
const base = WINDLASS_TRIAL ? (PURCHASES_CANDIDATE_URL ?? PURCHASES_URL) : PURCHASES_URL;

/** The JSON that purchases answers; an error where it refuses. */
export async function purchases(path: string, method = 'GET', body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' };
  const answer = await fetch(`${base}${path}`, {
    ...{ method, headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** Its audience is the service, whichever revision is called. */
async function token(): Promise<string> {
  const path = '/computeMetadata/v1/instance/service-accounts/default/identity';
  const url = `http://${metadata}${path}?audience=${encodeURIComponent(PURCHASES_URL)}`;
  const answer = await fetch(url, { headers: { 'metadata-flavor': 'Google' } });
  if (!answer.ok) throw new Error(`no identity token: ${answer.status}`);
  return (await answer.text()).trim();
}
