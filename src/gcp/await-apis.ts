import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess } from './access.ts';
import { callGoogle } from './call.ts';

const longestPauseMs = 5000;
const patienceMs = 10 * 60_000;

/** Waits until APIs that were switched on a moment ago answer: Google refuses them for some minutes more. */
export async function awaitApis(
  access: GoogleAccess,
  apis: readonly string[],
  tell: (line: string) => void,
): Promise<void> {
  let waiting = apis;
  let said = false;
  const until = Date.now() + patienceMs;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const refused = await Promise.all(waiting.map((api) => refusal(access, api)));
    waiting = waiting.filter((_, at) => refused[at] !== undefined);
    const [first] = refused.filter((one) => one !== undefined);
    if (first === undefined) return;
    if (Date.now() > until) throw first;
    if (!said) tell(`waiting until ${waiting.length} of them answer (Google: some minutes)`);
    said = true;
    await pause(pauseMs);
  }
}

/** A look that changes nothing; whatever is answered but "it is off" is an answer. */
async function refusal(access: GoogleAccess, api: string): Promise<Failure | undefined> {
  const url = looks[api]?.(access);
  if (url === undefined) return undefined;
  try {
    await callGoogle(access, { action: `ask ${api}`, url, answer: z.unknown() });
  } catch (error) {
    if (error instanceof Failure && error.code === 'GOOGLE_API_OFF') return error;
  }
  return undefined;
}

/** One list of each API that has any. */
const looks: Readonly<Record<string, (access: GoogleAccess) => string>> = {
  'artifactregistry.googleapis.com': ({ endpoints, project, region }) =>
    `${endpoints.artifactRegistry}/v1/projects/${project}/locations/${region}/repositories?pageSize=1`,
  'cloudbuild.googleapis.com': ({ endpoints, project, region }) =>
    `${endpoints.cloudBuild}/v1/projects/${project}/locations/${region}/builds?pageSize=1`,
  'cloudscheduler.googleapis.com': ({ endpoints, project, region }) =>
    `${endpoints.scheduler}/v1/projects/${project}/locations/${region}/jobs?pageSize=1`,
  'cloudresourcemanager.googleapis.com': ({ endpoints, project }) =>
    `${endpoints.resourceManager}/v1/projects/${project}`,
  'iam.googleapis.com': ({ endpoints, project }) =>
    `${endpoints.iam}/v1/projects/${project}/serviceAccounts?pageSize=1`,
  'monitoring.googleapis.com': ({ endpoints, project }) =>
    `${endpoints.monitoring}/v3/projects/${project}/notificationChannels?pageSize=1`,
  'pubsub.googleapis.com': ({ endpoints, project }) =>
    `${endpoints.pubsub}/v1/projects/${project}/topics?pageSize=1`,
  'run.googleapis.com': ({ endpoints, project, region }) =>
    `${endpoints.run}/v2/projects/${project}/locations/${region}/services?pageSize=1`,
  'secretmanager.googleapis.com': ({ endpoints, project }) =>
    `${endpoints.secretManager}/v1/projects/${project}/secrets?pageSize=1`,
  'storage.googleapis.com': ({ endpoints, project }) =>
    `${endpoints.storage}/storage/v1/b?project=${project}&maxResults=1`,
};
