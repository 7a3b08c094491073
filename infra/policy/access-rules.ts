import { ownValue } from '../../src/own-value.ts';
import { kept, text } from './rule.ts';
import type { Kept, Rule } from './rule.ts';

const grant = /^google_.*_iam_(member|binding)$/;
/** Grants on everything below: projects, folders, organizations. */
const wide = /^google_(project|folder|organization)_iam_(member|binding)$/;

/**
 * Roles by their product that open every secret or every account below the grant (their lists of
 * permissions, cloud.google.com/iam/docs/roles-permissions): they hold one of `opening`.
 */
const openingRoles: Readonly<Record<string, readonly string[]>> = {
  secretmanager: ['admin', 'secretAccessor'],
  iam: [
    ...['serviceAccountAdmin', 'serviceAccountUser', 'serviceAccountTokenCreator'],
    ...['serviceAccountKeyAdmin', 'serviceAccountOpenIdTokenCreator', 'securityAdmin'],
    ...['workloadIdentityUser', 'organizationRoleAdmin', 'roleAdmin'],
  ],
  resourcemanager: ['projectIamAdmin', 'folderAdmin', 'folderIamAdmin', 'organizationAdmin'],
};

/** Permissions that read a secret, act as an account, or let their holder grant either. */
const opening: ReadonlySet<string> = new Set([
  ...['secretmanager.versions.access', 'secretmanager.secrets.setIamPolicy'],
  ...['iam.serviceAccounts.actAs', 'iam.serviceAccounts.setIamPolicy'],
  ...['iam.serviceAccounts.getAccessToken', 'iam.serviceAccounts.getOpenIdToken'],
  ...['iam.serviceAccounts.signBlob', 'iam.serviceAccounts.signJwt'],
  ...['iam.serviceAccounts.implicitDelegation', 'iam.serviceAccountKeys.create'],
  ...['iam.roles.update', 'resourcemanager.projects.setIamPolicy'],
  ...['resourcemanager.folders.setIamPolicy', 'resourcemanager.organizations.setIamPolicy'],
]);

const everybody = new Set(['allUsers', 'allAuthenticatedUsers']);
const primitive = new Set(['roles/owner', 'roles/editor', 'roles/viewer']);

/** Rules about who may do what. */
export const accessRules: readonly Rule[] = [
  {
    id: 'public-gateway-only',
    what: 'Only a service that is declared public may be called by anyone',
    why: 'Any other public resource exposes the data behind it.',
    fix: 'List the callers in `calls`; set `public` on a service that anyone may call.',
    check: (plan, { gateways }) =>
      kept(plan, grant)
        .filter((one) => members(one).some((member) => everybody.has(member)))
        .filter((one) => !isGatewayInvoker(one, gateways))
        .map(({ address }) => address),
  },
  {
    id: 'no-open-invoker',
    what: 'A service that is not public requires a token',
    why: 'With `invoker_iam_disabled` callers are not authenticated.',
    fix: 'Leave `invoker_iam_disabled` out.',
    check: (plan, { gateways }) =>
      kept(plan, /^google_cloud_run_v2_service$/)
        .filter(({ after }) => after['invoker_iam_disabled'] === true)
        .filter(({ after }) => !gateways.includes(text(after, 'name') ?? ''))
        .map(({ address }) => address),
  },
  {
    id: 'no-primitive-roles',
    what: 'No account is owner, editor or viewer',
    why: 'These roles apply to every product in the project.',
    fix: 'Grant the narrow role of the one product.',
    check: (plan) =>
      kept(plan, grant)
        .filter(({ after }) => primitive.has(text(after, 'role') ?? ''))
        .map(({ address }) => address),
  },
  {
    id: 'no-whole-policies',
    what: 'No IAM policy is written as a whole',
    why: 'It removes every binding that Terraform does not know, Google’s own among them.',
    fix: 'Use an `_iam_member`.',
    check: (plan) => kept(plan, /^google_.*_iam_policy$/).map(({ address }) => address),
  },
  {
    id: 'no-key-files',
    what: 'No account has a key file',
    why: 'A key never expires and can be copied unnoticed.',
    fix: 'Use Workload Identity Federation: the `deployer` module.',
    check: (plan) => kept(plan, /^google_service_account_key$/).map(({ address }) => address),
  },
  {
    id: 'own-secrets-only',
    what: 'A service’s account reads its own secrets only',
    why: 'One compromised service must not give access to the others.',
    fix: 'Declare the secret under the service that reads it.',
    check: (plan) =>
      kept(plan, /^google_secret_manager_secret_iam_(member|binding)$/)
        .filter((one) => members(one).some((member) => !ownsSecret(member, one)))
        .map(({ address }) => address),
  },
  {
    id: 'no-project-wide-reader',
    what: 'Secrets and accounts are granted one by one, not on the project',
    why: 'On the project, a folder or an organization the grant covers every secret and every account below it.',
    fix: 'Grant on the secret (secretAccessor, secretVersionManager) or on the account (serviceAccountUser); for what makes them, a custom role without `versions.access`, `setIamPolicy` and `actAs`.',
    check: (plan) =>
      kept(plan, wide)
        .filter(({ after }) => opensAll(text(after, 'role') ?? ''))
        .map(({ address }) => address),
  },
  {
    id: 'no-role-that-opens-all',
    what: 'No role of the project’s own reads every secret or acts as every account',
    why: 'A custom role with such a permission is the forbidden role under another name.',
    fix: 'Take the permission out of the role.',
    check: (plan) =>
      kept(plan, /^google_(project|organization)_iam_custom_role$/)
        .filter(({ after }) => permissions(after).some((one) => opening.has(one)))
        .map(({ address }) => address),
  },
];

/** Whether a role, granted on all of a project, reads every secret, acts as every account, or may grant itself that. */
function opensAll(role: string): boolean {
  const [, product = '', name = ''] = /^roles\/(?:([a-z]+)\.)?(\w+)$/.exec(role) ?? [];
  return (ownValue(openingRoles, product) ?? []).includes(name);
}

function permissions(after: Kept['after']): readonly string[] {
  const listed = after['permissions'];
  return Array.isArray(listed) ? listed.filter((each) => typeof each === 'string') : [];
}

function members({ after }: Kept): readonly string[] {
  const many = after['members'];
  const one = text(after, 'member');
  const listed = Array.isArray(many) ? many.filter((each) => typeof each === 'string') : [];
  return one === undefined ? listed : [one, ...listed];
}

function isGatewayInvoker({ type, after }: Kept, gateways: readonly string[]): boolean {
  const here = /^google_cloud_run_v2_service_iam_(member|binding)$/.test(type);
  const name = lastPart(after, 'name') ?? '';
  return here && text(after, 'role') === 'roles/run.invoker' && gateways.includes(name);
}

function ownsSecret(member: string, { after }: Kept): boolean {
  const service = /^serviceAccount:run-([a-z0-9-]+)@/.exec(member)?.[1];
  const secret = lastPart(after, 'secret_id');
  if (secret === 'supabase-migrator') return member.startsWith('serviceAccount:windlass-migrator@');
  return service !== undefined && (secret?.startsWith(`${service}-`) ?? false);
}

/** The provider plans a name and keeps the whole path of it. */
function lastPart(after: Kept['after'], name: string): string | undefined {
  return text(after, name)?.split('/').at(-1);
}
