import { RevisionsClient, ServicesClient } from '@google-cloud/run';
import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { done, restOptions } from './official.ts';
import { unlessMissing } from './refusal.ts';
import { revisionContent } from './revision-content.ts';
import { Condition, runService, secretMounts, shortName, standing } from './run-service.ts';
import type { RunService, SecretMount } from './run-service.ts';

/** One immutable revision; `reason` says why it is not ready. */
export interface RunRevision {
  readonly name: string;
  readonly image: string;
  readonly mounts: readonly SecretMount[];
  /** All that it runs with; equal where two revisions differ in name only. */
  readonly content: string;
  readonly ready: boolean;
  readonly reason: string;
  readonly logUri: string;
}

/** A service by its short name; undefined where there is none. */
export async function readService(
  access: GoogleAccess,
  name: string,
  waiting: Waiting = {},
): Promise<RunService | undefined> {
  const call = servicesOf(access).getService({ name: servicePath(access, name) });
  const answer = await unlessMissing(done({ action: `read service ${name}` }, call, waiting));
  return answer && runService(answer[0]);
}

/** All services of the region, by name. */
export async function readServices(
  access: GoogleAccess,
  waiting: Waiting = {},
): Promise<readonly RunService[]> {
  const call = servicesOf(access).listServices({ parent: placePath(access) });
  const [services] = await done({ action: 'list the services' }, call, waiting);
  return services.map(runService).sort((a, b) => a.name.localeCompare(b.name));
}

/** A revision by the short names of its service and itself; undefined where there is none. */
export async function readRevision(
  access: GoogleAccess,
  which: { readonly service: string; readonly revision: string },
  waiting: Waiting = {},
): Promise<RunRevision | undefined> {
  const name = `${servicePath(access, which.service)}/revisions/${which.revision}`;
  const call = revisionsOf(access).getRevision({ name });
  const deed = { action: `read revision ${which.revision}` };
  const answer = await unlessMissing(done(deed, call, waiting));
  return answer && runRevision(answer[0]);
}

/** All revisions of a service, newest first as Google lists them. */
export async function listRevisions(
  access: GoogleAccess,
  service: string,
  waiting: Waiting = {},
): Promise<readonly RunRevision[]> {
  const call = revisionsOf(access).listRevisions({ parent: servicePath(access, service) });
  const deed = { action: `list the revisions of ${service}` };
  const [revisions] = await done(deed, call, waiting);
  return revisions.map(runRevision);
}

/** Google's client of the Services API. */
export function servicesOf(access: GoogleAccess): ServicesClient {
  return new ServicesClient(restOptions(access, access.endpoints.run));
}

/** The full resource name of a service. */
export function servicePath(access: GoogleAccess, service: string): string {
  return `${placePath(access)}/services/${service}`;
}

function revisionsOf(access: GoogleAccess): RevisionsClient {
  return new RevisionsClient(restOptions(access, access.endpoints.run));
}

function placePath(access: GoogleAccess): string {
  return `projects/${access.project}/locations/${access.region}`;
}

const Revision = z.object({
  name: z.string(),
  containers: z.array(z.object({ image: z.string().nullish() })).nullish(),
  conditions: z.array(Condition).nullish(),
  logUri: z.string().nullish(),
});

function runRevision(message: unknown): RunRevision {
  const seen = Revision.parse(message);
  const condition = seen.conditions?.find((one) => one?.type === 'Ready');
  return {
    name: shortName(seen.name),
    image: seen.containers?.[0]?.image ?? '',
    mounts: secretMounts(message),
    content: revisionContent(message),
    logUri: seen.logUri ?? '',
    ...standing(condition),
  };
}
