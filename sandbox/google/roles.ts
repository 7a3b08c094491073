// Only the roles that a deploy hands out; a trailing * stands for every permission below it.
const readOnly = ['*.get', '*.list', '*.getIamPolicy'];
const secretViewer = ['secretmanager.secrets.get', 'secretmanager.secrets.list'].concat(
  'secretmanager.secrets.getIamPolicy',
  'secretmanager.versions.get',
  'secretmanager.versions.list',
);
const objectViewer = ['storage.objects.get', 'storage.objects.list'];
const objectUser = [...objectViewer, 'storage.objects.create', 'storage.objects.delete'].concat(
  'storage.objects.update',
);
const runViewer = ['run.services.get', 'run.services.list', 'run.services.getIamPolicy'].concat(
  'run.revisions.get',
  'run.revisions.list',
  'run.operations.get',
  'run.jobs.get',
  'run.jobs.list',
  'run.jobs.getIamPolicy',
  'run.executions.get',
  'run.executions.list',
  'run.workerpools.get',
  'run.workerpools.list',
  'run.workerpools.getIamPolicy',
);
const runDeveloper = [...runViewer, 'run.services.create', 'run.services.update'].concat(
  'run.services.delete',
  'run.revisions.delete',
);
const reader = ['artifactregistry.repositories.get', 'artifactregistry.repositories.list'].concat(
  'artifactregistry.repositories.downloadArtifacts',
);

const roles: Readonly<Record<string, readonly string[]>> = {
  'roles/owner': ['*'],
  'roles/editor': ['*'],
  'roles/viewer': readOnly,
  'roles/secretmanager.admin': ['secretmanager.*'],
  'roles/secretmanager.viewer': secretViewer,
  'roles/secretmanager.secretAccessor': ['secretmanager.versions.access'],
  'roles/secretmanager.secretVersionAdder': ['secretmanager.versions.add'],
  'roles/run.admin': ['run.*'],
  'roles/run.viewer': runViewer,
  'roles/run.developer': runDeveloper,
  // Also of jobs: cloud.google.com/run/docs/reference/iam/roles.
  'roles/run.invoker': ['run.routes.invoke', 'run.jobs.run'],
  'roles/cloudscheduler.admin': ['cloudscheduler.*'],
  'roles/cloudscheduler.viewer': ['cloudscheduler.jobs.get', 'cloudscheduler.jobs.list'],
  // Neither actAs nor tokens: who administers accounts is none of them.
  'roles/iam.serviceAccountAdmin': [
    'iam.serviceAccounts.create',
    'iam.serviceAccounts.delete',
    'iam.serviceAccounts.disable',
    'iam.serviceAccounts.enable',
    'iam.serviceAccounts.get',
    'iam.serviceAccounts.getIamPolicy',
    'iam.serviceAccounts.list',
    'iam.serviceAccounts.setIamPolicy',
    'iam.serviceAccounts.undelete',
    'iam.serviceAccounts.update',
  ],
  'roles/iam.serviceAccountUser': ['iam.serviceAccounts.actAs', 'iam.serviceAccounts.get'],
  'roles/iam.serviceAccountTokenCreator': [
    'iam.serviceAccounts.getAccessToken',
    'iam.serviceAccounts.getOpenIdToken',
    'iam.serviceAccounts.implicitDelegation',
    'iam.serviceAccounts.signBlob',
    'iam.serviceAccounts.signJwt',
  ],
  'roles/iam.serviceAccountOpenIdTokenCreator': ['iam.serviceAccounts.getOpenIdToken'],
  'roles/iam.workloadIdentityUser': [
    'iam.serviceAccounts.getAccessToken',
    'iam.serviceAccounts.getOpenIdToken',
  ],
  'roles/iam.workloadIdentityPoolAdmin': ['iam.workloadIdentityPool*'],
  'roles/resourcemanager.projectIamAdmin': [
    'resourcemanager.projects.get',
    'resourcemanager.projects.getIamPolicy',
    'resourcemanager.projects.setIamPolicy',
  ],
  'roles/storage.admin': ['storage.*'],
  'roles/storage.objectAdmin': ['storage.objects.*'],
  'roles/storage.objectCreator': ['storage.objects.create'],
  'roles/storage.objectUser': objectUser,
  'roles/storage.objectViewer': objectViewer,
  'roles/storage.legacyBucketReader': ['storage.buckets.get', 'storage.objects.list'],
  'roles/artifactregistry.admin': ['artifactregistry.*'],
  'roles/artifactregistry.reader': reader,
  'roles/artifactregistry.writer': [...reader, 'artifactregistry.repositories.uploadArtifacts'],
  'roles/serviceusage.serviceUsageAdmin': ['serviceusage.*'],
  'roles/serviceusage.serviceUsageConsumer': ['serviceusage.services.get'],
  'roles/billing.costsManager': ['billing.budgets.*'],
  'roles/logging.viewer': ['logging.logEntries.list', 'logging.logs.list'],
  'roles/monitoring.admin': ['monitoring.*'],
  'roles/monitoring.editor': ['monitoring.*'],
  'roles/pubsub.admin': ['pubsub.*'],
  'roles/pubsub.publisher': ['pubsub.topics.publish'],
  'roles/pubsub.subscriber': ['pubsub.subscriptions.consume', 'pubsub.topics.attachSubscription'],
  'roles/pubsub.viewer': [
    'pubsub.subscriptions.get',
    'pubsub.subscriptions.list',
    'pubsub.topics.get',
    'pubsub.topics.list',
  ],
};

// Basic roles hold almost everything but these (IAM's page on basic roles).
const notForEditors = [/\.setIamPolicy$/, /^secretmanager\.versions\.access$/];
const tokenVerbs = /\.(getAccessToken|getOpenIdToken|implicitDelegation|signBlob|signJwt)$/;

/** What no basic role holds: to act as a service account by its tokens (IAM's page on its permissions). */
export function actsAsAccount(permission: string): boolean {
  return permission.startsWith('iam.serviceAccounts.') && tokenVerbs.test(permission);
}

/** Whether a role holds a permission; an unknown role holds none. */
export function roleGrants(role: string, permission: string): boolean {
  if (basic.has(role) && actsAsAccount(permission)) return false;
  if (role === 'roles/editor' && notForEditors.some((never) => never.test(permission))) {
    return false;
  }
  return (roles[role] ?? []).some((pattern) => covers(pattern, permission));
}

const basic: ReadonlySet<string> = new Set(['roles/owner', 'roles/editor', 'roles/viewer']);

function covers(pattern: string, permission: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return permission.endsWith(pattern.slice(1));
  return pattern.endsWith('*')
    ? permission.startsWith(pattern.slice(0, -1))
    : pattern === permission;
}
