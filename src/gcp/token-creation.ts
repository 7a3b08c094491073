import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { googleMember } from './google-member.ts';
import { projectPermissions } from './project-permissions.ts';
import type { Policy } from './project-policy.ts';
import { readAccountPolicy, readProjectPolicy } from './project-policy.ts';

/** No basic role makes tokens of a service account, the owner's included; this one does. */
export const tokenCreator = 'roles/iam.serviceAccountTokenCreator';

export const tokenPermissions = [
  'iam.serviceAccounts.getAccessToken',
  'iam.serviceAccounts.getOpenIdToken',
] as const;

/** Whether the credential makes tokens of the project's accounts, will as soon as its grant has spread, or may not. */
export async function tokenCreation(
  access: GoogleAccess,
  waiting: Waiting = {},
): Promise<'held' | 'spreading' | 'missing'> {
  const has = await projectPermissions(access, tokenPermissions, waiting);
  if (tokenPermissions.every((one) => has.includes(one))) return 'held';
  const member = await googleMember(access);
  const policy = await readProjectPolicy(access, waiting);
  return grants(policy, member) ? 'spreading' : 'missing';
}

/**
 * After a refused token: the refusal itself where a policy grants it or cannot be read, so that it is
 * tried again, and IMPERSONATION_DENIED where no policy does and no wait would help.
 */
export async function explainDenied(
  access: GoogleAccess,
  account: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof Failure) || error.code !== 'GOOGLE_DENIED') return error;
  try {
    const [member, ...policies] = await Promise.all([
      googleMember(access),
      readAccountPolicy(access, account),
      readProjectPolicy(access),
    ]);
    return policies.some((policy) => grants(policy, member))
      ? error
      : denied(member, account, error);
  } catch {
    return error;
  }
}

const roles = new Set([
  ...[tokenCreator, 'roles/iam.serviceAccountOpenIdTokenCreator'],
  'roles/iam.workloadIdentityUser',
]);

/** Custom roles and groups cannot be seen through: they count as a grant. */
function grants({ bindings }: Policy, member: string): boolean {
  return bindings.some(({ role, members }) => {
    const gives = roles.has(role) || !role.startsWith('roles/');
    return gives && members.some((one) => one === member || many.test(one));
  });
}

const many = /^(group:|domain:|principalSet:|principal:|all)/;

function denied(member: string, account: string, cause: Failure): Failure {
  return new Failure({
    code: 'IMPERSONATION_DENIED',
    what: cause.what,
    why: `no policy lets ${member} make tokens of ${account}, and an owner does not by itself`,
    fix: `\`windlass bootstrap -e ENVIRONMENT\` grants ${tokenCreator}; or as an owner: \`gcloud iam service-accounts add-iam-policy-binding ${account} --member ${member} --role ${tokenCreator}\`.`,
    cause,
  });
}
