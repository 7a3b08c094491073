/** The APIs that a deploy calls; the stack 10-foundation switches on the same ones. */
export const neededApis: readonly string[] = [
  'artifactregistry.googleapis.com',
  'billingbudgets.googleapis.com',
  'cloudresourcemanager.googleapis.com',
  'iam.googleapis.com',
  'iamcredentials.googleapis.com',
  'monitoring.googleapis.com',
  'pubsub.googleapis.com',
  'run.googleapis.com',
  'secretmanager.googleapis.com',
  'serviceusage.googleapis.com',
  'storage.googleapis.com',
  'sts.googleapis.com',
];

/** What an image that is built by Google needs beside these. */
export const buildApi = 'cloudbuild.googleapis.com';
