import type { Site } from '../site.ts';

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

/** What runs jobs at stated times. */
const schedulerApi = 'cloudscheduler.googleapis.com';

/** An API in the project that must have it on. */
export interface ApiOfProject {
  readonly api: string;
  readonly project: string;
}

/** Those of an environment; a project that holds its backups alone needs the storage. */
export function apisFor({ config, environment }: Site): readonly ApiOfProject[] {
  const builds = Object.values(config.services).some(({ image }) => image === undefined);
  const timed = Object.values(config.services).some(({ schedule }) => schedule !== undefined);
  const own = [...neededApis, ...(builds ? [buildApi] : []), ...(timed ? [schedulerApi] : [])];
  const vault = environment.backup.project;
  const apart = vault !== undefined && vault !== environment.project;
  return [
    ...own.map((api) => ({ api, project: environment.project })),
    ...(apart ? [{ api: 'storage.googleapis.com', project: vault }] : []),
  ];
}
