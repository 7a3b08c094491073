import type { GoogleAccess } from '../gcp/access.ts';
import { identityUnknown, readTokenInfo } from '../gcp/token-info.ts';
import type { TokenInfo } from '../gcp/token-info.ts';
import type { Identity } from '../words.ts';

/** Whom Google knows by the credential in use: it is asked (tokeninfo), nothing else is believed. */
export async function googleIdentity(
  access: Pick<GoogleAccess, 'endpoints' | 'token'>,
): Promise<Identity> {
  return named(await readTokenInfo(access));
}

function named({ sub, azp, email, email_verified: verified }: TokenInfo): Identity {
  const proven = String(verified) === 'true' ? email?.toLowerCase() : undefined;
  // A service account's azp is its own number; a person's is the program that they logged in with.
  const number = sub ?? (azp && /^\d+$/.test(azp) ? azp : undefined);
  const same = [
    ...(number === undefined ? [] : [`google:${number}`]),
    ...(proven === undefined ? [] : [`google:${proven}`]),
  ];
  const name = proven ?? number;
  if (name === undefined)
    throw identityUnknown('its token has neither an email nor an account number');
  return { name, how: 'google', by: number === undefined ? name : `account ${number}`, same };
}
