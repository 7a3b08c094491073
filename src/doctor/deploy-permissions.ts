/**
 * What a deploy does in the project, as permissions that can be asked for as a whole, and the
 * predefined role that brings each (https://cloud.google.com/iam/docs/permissions-reference).
 */
const roles: Readonly<Record<string, string>> = {
  'artifactregistry.repositories.create': 'roles/artifactregistry.admin',
  'artifactregistry.repositories.uploadArtifacts': 'roles/artifactregistry.admin',
  'iam.serviceAccounts.actAs': 'roles/iam.serviceAccountUser',
  // An owner has neither of these two (https://cloud.google.com/iam/docs/service-account-permissions).
  'iam.serviceAccounts.getAccessToken': 'roles/iam.serviceAccountTokenCreator',
  'iam.serviceAccounts.getOpenIdToken': 'roles/iam.serviceAccountTokenCreator',
  'iam.serviceAccounts.create': 'roles/iam.serviceAccountAdmin',
  'resourcemanager.projects.getIamPolicy': 'roles/resourcemanager.projectIamAdmin',
  'resourcemanager.projects.setIamPolicy': 'roles/resourcemanager.projectIamAdmin',
  'run.services.create': 'roles/run.admin',
  'run.services.setIamPolicy': 'roles/run.admin',
  'secretmanager.secrets.create': 'roles/secretmanager.admin',
  'secretmanager.versions.add': 'roles/secretmanager.admin',
  'serviceusage.services.enable': 'roles/serviceusage.serviceUsageAdmin',
  'storage.buckets.create': 'roles/storage.admin',
};

export const deployPermissions: readonly string[] = Object.keys(roles);

/** The narrowest predefined role with a permission of `deployPermissions`. */
export function roleFor(permission: string): string {
  return roles[permission] ?? 'roles/owner';
}
