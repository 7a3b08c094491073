import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { explainDenied } from './token-creation.ts';

/** What a permission is asked about, by short name. */
export type Resource = { readonly secret: string } | { readonly service: string };

/** An access token of a service account; by default for an hour. */
export async function generateAccessToken(
  access: GoogleAccess,
  wanted: { readonly account: string; readonly lifetimeSeconds?: number },
  waiting: Waiting = {},
): Promise<{ readonly token: string; readonly expiresAt: string }> {
  const answer = z.object({ accessToken: z.string(), expireTime: z.string() });
  const scope = ['https://www.googleapis.com/auth/cloud-platform'];
  const lifetime = `${wanted.lifetimeSeconds ?? 3600}s`;
  const url = accountUrl(access, wanted.account, 'generateAccessToken');
  const action = `make an access token of ${wanted.account}`;
  const call = { action, method: 'POST', url, body: { scope, lifetime }, answer } as const;
  const made = callGoogle(access, call, waiting).catch(explained(access, wanted.account));
  const { accessToken, expireTime } = await made;
  return { token: accessToken, expiresAt: expireTime };
}

/** An identity token of a service account for one audience (a Cloud Run URL). */
export async function generateIdToken(
  access: GoogleAccess,
  wanted: { readonly account: string; readonly audience: string },
  waiting: Waiting = {},
): Promise<string> {
  const answer = z.object({ token: z.string() });
  const body = { audience: wanted.audience, includeEmail: true };
  const url = accountUrl(access, wanted.account, 'generateIdToken');
  const action = `make an identity token of ${wanted.account}`;
  const call = { action, method: 'POST', url, body, answer } as const;
  const made = callGoogle(access, call, waiting).catch(explained(access, wanted.account));
  return (await made).token;
}

/** The same endpoints, but every call is made as that service account. */
export function impersonate(access: GoogleAccess, account: string): GoogleAccess {
  let token: Promise<string> | undefined;
  const fresh = async () => (await generateAccessToken(access, { account })).token;
  return { ...access, token: () => (token ??= fresh()) };
}

/** Those of the permissions that the access's principal has on the resource right now. */
export async function grantedPermissions(
  access: GoogleAccess,
  asked: { readonly on: Resource; readonly permissions: readonly string[] },
  waiting: Waiting = {},
): Promise<readonly string[]> {
  const answer = z.object({ permissions: z.array(z.string()).default([]) });
  const url = `${resourceUrl(access, asked.on)}:testIamPermissions`;
  const action = `test the permissions on ${Object.values(asked.on).join()}`;
  const body = { permissions: asked.permissions };
  const call = { action, method: 'POST', url, body, answer } as const;
  return (await callGoogle(access, call, waiting)).permissions;
}

/** Who may call a service: the members of its `roles/run.invoker`. */
export async function readInvokers(
  access: GoogleAccess,
  service: string,
  waiting: Waiting = {},
): Promise<readonly string[]> {
  const url = `${resourceUrl(access, { service })}:getIamPolicy`;
  const call = { action: `read the policy of ${service}`, url, answer: Policy };
  const { bindings } = await callGoogle(access, call, waiting);
  const granted = bindings.filter(({ role }) => role === 'roles/run.invoker');
  return granted.flatMap(({ members }) => members).sort();
}

const Policy = z.object({
  bindings: z
    .array(z.object({ role: z.string(), members: z.array(z.string()).default([]) }))
    .default([]),
});

/** One look, as the account itself, whether it may read the secret; false = not spread yet. */
export async function canReadSecret(
  access: GoogleAccess,
  which: { readonly account: string; readonly secret: string },
  waiting: Waiting = {},
): Promise<boolean> {
  const permission = 'secretmanager.versions.access';
  const asked = { on: { secret: which.secret }, permissions: [permission] };
  try {
    const granted = await grantedPermissions(impersonate(access, which.account), asked, waiting);
    return granted.includes(permission);
  } catch (error) {
    if (error instanceof Failure && error.code === 'GOOGLE_DENIED') return false;
    throw error;
  }
}

/** Who may not act for an account is told so; who may not yet is told to wait. */
function explained(access: GoogleAccess, account: string): (error: unknown) => Promise<never> {
  return async (error) => {
    throw await explainDenied(access, account, error);
  };
}

function accountUrl(access: GoogleAccess, account: string, verb: string): string {
  return `${access.endpoints.iamCredentials}/v1/projects/-/serviceAccounts/${account}:${verb}`;
}

function resourceUrl({ endpoints, project, region }: GoogleAccess, on: Resource): string {
  return 'secret' in on
    ? `${endpoints.secretManager}/v1/projects/${project}/secrets/${on.secret}`
    : `${endpoints.run}/v2/projects/${project}/locations/${region}/services/${on.service}`;
}
