/** The services that Service Usage knows here, each with the title that Google's refusals name. */
export const catalogue: Readonly<Record<string, string>> = {
  'artifactregistry.googleapis.com': 'Artifact Registry API',
  'bigquery.googleapis.com': 'BigQuery API',
  'billingbudgets.googleapis.com': 'Cloud Billing Budget API',
  'cloudbilling.googleapis.com': 'Cloud Billing API',
  'cloudbuild.googleapis.com': 'Cloud Build API',
  'cloudresourcemanager.googleapis.com': 'Cloud Resource Manager API',
  'cloudscheduler.googleapis.com': 'Cloud Scheduler API',
  'compute.googleapis.com': 'Compute Engine API',
  'dns.googleapis.com': 'Cloud DNS API',
  'iam.googleapis.com': 'Identity and Access Management (IAM) API',
  'iamcredentials.googleapis.com': 'IAM Service Account Credentials API',
  'logging.googleapis.com': 'Cloud Logging API',
  'monitoring.googleapis.com': 'Cloud Monitoring API',
  'pubsub.googleapis.com': 'Cloud Pub/Sub API',
  'run.googleapis.com': 'Cloud Run Admin API',
  'secretmanager.googleapis.com': 'Secret Manager API',
  'serviceusage.googleapis.com': 'Service Usage API',
  'sqladmin.googleapis.com': 'Cloud SQL Admin API',
  'storage.googleapis.com': 'Google Cloud Storage JSON API',
  'sts.googleapis.com': 'Security Token Service API',
  'vpcaccess.googleapis.com': 'Serverless VPC Access API',
};

/** On in a new project: what switches on the others, and the logs. */
export const onByThemselves: ReadonlySet<string> = new Set([
  'cloudresourcemanager.googleapis.com',
  'logging.googleapis.com',
  'serviceusage.googleapis.com',
]);
