import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess } from './access.ts';

const TokenInfo = z.object({
  sub: z.string().optional(),
  azp: z.string().optional(),
  email: z.string().optional(),
  email_verified: z.union([z.string(), z.boolean()]).optional(),
});
export type TokenInfo = z.infer<typeof TokenInfo>;

const patienceMs = 10_000;

/** What Google says of the credential in use (tokeninfo). */
export async function readTokenInfo(
  access: Pick<GoogleAccess, 'endpoints' | 'token'>,
): Promise<TokenInfo> {
  const answer = await fetch(`${access.endpoints.oauth}/tokeninfo`, {
    method: 'POST', // in the body: a URL would stand in logs
    body: new URLSearchParams({ access_token: await access.token() }),
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => {
    throw identityUnknown(`it does not answer (${String(cause)})`, 'retry');
  });
  if (!answer.ok) throw identityUnknown(`it refuses the token (HTTP ${answer.status})`);
  const info = TokenInfo.safeParse(await answer.json().catch(() => undefined));
  if (!info.success) throw identityUnknown('its answer cannot be read');
  return info.data;
}

/** The Failure where Google does not say whose a credential is. */
export function identityUnknown(why: string, kind: 'retry' | 'undo' = 'undo'): Failure {
  return new Failure({
    code: 'IDENTITY_UNKNOWN',
    what: 'The owner of this Google credential cannot be determined',
    why,
    fix: 'Log in with `gcloud auth application-default login --scopes=openid,https://www.googleapis.com/auth/userinfo.email,https://www.googleapis.com/auth/cloud-platform`.',
    class: kind,
  });
}
