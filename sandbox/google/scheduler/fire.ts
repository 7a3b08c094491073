import type { World } from '../../world.ts';
import { mintIdToken } from '../id-tokens.ts';
import { mintAccessToken } from '../tokens.ts';
import { type Scheduled, scheduledJobs } from './records.ts';

/** Calls what a job names, as the account that it names, and notes how that ended. */
export async function fire(world: World, url: string, job: Scheduled): Promise<void> {
  const lastAttemptTime = world.now().toISOString();
  const status = await attempt(world, url, job).catch((error: unknown) => ({
    ...{ code: 14, message: String(error) },
  }));
  const now = scheduledJobs(world).get(job.name);
  if (now === undefined) return;
  scheduledJobs(world).set(job.name, { ...now, lastAttemptTime, status });
}

async function attempt(world: World, url: string, { fields }: Scheduled) {
  const { httpTarget } = fields;
  if (httpTarget === undefined) return { code: 12, message: 'Only HTTP targets are called here.' };
  const { uri, httpMethod, headers, body } = httpTarget;
  const answer = await fetch(ownAddress(uri, url), {
    method: httpMethod,
    headers: {
      ...headers,
      ...credentials(world, httpTarget),
      'user-agent': 'Google-Cloud-Scheduler',
    },
    ...(body !== undefined && { body: Buffer.from(body, 'base64') }),
  });
  await answer.arrayBuffer();
  if (answer.ok) return { code: 0 };
  return { code: codes[answer.status] ?? 2, message: `HTTP ${answer.status}` };
}

/** Google's own APIs are behind the sandbox's door. */
function ownAddress(uri: string, url: string): string {
  const { hostname, pathname, search } = new URL(uri);
  return hostname.endsWith('.googleapis.com') ? `${url}${pathname}${search}` : uri;
}

function credentials(
  world: World,
  { oauthToken, oidcToken, uri }: NonNullable<Scheduled['fields']['httpTarget']>,
): Record<string, string> {
  if (oauthToken) {
    const { accessToken } = mintAccessToken(world, oauthToken.serviceAccountEmail);
    return { authorization: `Bearer ${accessToken}` };
  }
  if (!oidcToken) return {};
  const { serviceAccountEmail: email, audience = uri } = oidcToken;
  return { authorization: `Bearer ${mintIdToken(world, email, audience)}` };
}

// google/rpc/code.proto, by HTTP status.
const codes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  429: 8,
  503: 14,
};
