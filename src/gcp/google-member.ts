import { z } from 'zod';
import type { GoogleAccess } from './access.ts';
import { callGoogle } from './call.ts';
import { identityUnknown, readTokenInfo } from './token-info.ts';

const Account = z.object({ email: z.string() });

/** How Google's policies name whoever the credential is of: `user:EMAIL` or `serviceAccount:EMAIL`. */
export async function googleMember(access: GoogleAccess): Promise<string> {
  const { email, azp } = await readTokenInfo(access);
  if (email !== undefined) return memberOf(email);
  const known = await access.account?.();
  if (known !== undefined) return memberOf(known);
  if (azp === undefined || !/^\d+$/.test(azp)) throw identityUnknown('its token has no email');
  // The token of an account that is acted for says its number alone.
  const url = `${access.endpoints.iam}/v1/projects/-/serviceAccounts/${azp}`;
  const call = { action: `look up the account ${azp}`, url, answer: Account };
  return memberOf((await callGoogle(access, call)).email);
}

function memberOf(email: string): string {
  return `${email.endsWith('.gserviceaccount.com') ? 'serviceAccount' : 'user'}:${email}`;
}
