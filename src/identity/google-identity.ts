import { z } from 'zod';
import type { GoogleAccess } from '../gcp/access.ts';
import { Failure } from '../failure.ts';
import type { Identity } from '../words.ts';

const TokenInfo = z.object({
  sub: z.string().optional(),
  azp: z.string().optional(),
  email: z.string().optional(),
  email_verified: z.union([z.string(), z.boolean()]).optional(),
});

const patienceMs = 10_000;

/** Whom Google knows by the credential in use: it is asked (tokeninfo), nothing else is believed. */
export async function googleIdentity(
  access: Pick<GoogleAccess, 'endpoints' | 'token'>,
): Promise<Identity> {
  const answer = await fetch(`${access.endpoints.oauth}/tokeninfo`, {
    method: 'POST', // in the body: a URL would stand in logs
    body: new URLSearchParams({ access_token: await access.token() }),
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => {
    throw unknown(`it does not answer (${String(cause)})`, 'retry');
  });
  if (!answer.ok) throw unknown(`it refuses the token (HTTP ${answer.status})`);
  const info = TokenInfo.safeParse(await answer.json().catch(() => undefined));
  if (!info.success) throw unknown('its answer cannot be read');
  return named(info.data);
}

function named({ sub, azp, email, email_verified: verified }: z.infer<typeof TokenInfo>): Identity {
  const proven = String(verified) === 'true' ? email?.toLowerCase() : undefined;
  // A service account's azp is its own number; a person's is the program that they logged in with.
  const number = sub ?? (azp && /^\d+$/.test(azp) ? azp : undefined);
  const same = [
    ...(number === undefined ? [] : [`google:${number}`]),
    ...(proven === undefined ? [] : [`google:${proven}`]),
  ];
  const name = proven ?? number;
  if (name === undefined) throw unknown('its token has neither an email nor an account number');
  return { name, how: 'google', by: number === undefined ? name : `account ${number}`, same };
}

function unknown(why: string, kind: 'retry' | 'undo' = 'undo'): Failure {
  return new Failure({
    code: 'IDENTITY_UNKNOWN',
    what: 'The owner of this Google credential cannot be determined',
    why,
    fix: 'Log in with `gcloud auth application-default login --scopes=openid,https://www.googleapis.com/auth/userinfo.email,https://www.googleapis.com/auth/cloud-platform`.',
    class: kind,
  });
}
