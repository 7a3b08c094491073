import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { listGoogle } from './list.ts';
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
  /** The page with its log; empty where Google names none. */
  readonly logUri: string;
}

/** A service by its short name; undefined where there is none. */
export async function readService(
  access: GoogleAccess,
  name: string,
  waiting: Waiting = {},
): Promise<RunService | undefined> {
  const call = { action: `read service ${name}`, url: serviceUrl(access, name) };
  return unlessMissing(callGoogle(access, { ...call, answer: Service }, waiting));
}

/** All services of the region, by name. */
export async function readServices(
  access: GoogleAccess,
  waiting: Waiting = {},
): Promise<readonly RunService[]> {
  const listing = {
    action: 'list the services',
    url: placeUrl(access),
    of: 'services',
    read: runService,
  };
  const services = await listGoogle(access, listing, waiting);
  return [...services].sort((a, b) => a.name.localeCompare(b.name));
}

/** A revision by the short names of its service and itself; undefined where there is none. */
export async function readRevision(
  access: GoogleAccess,
  which: { readonly service: string; readonly revision: string },
  waiting: Waiting = {},
): Promise<RunRevision | undefined> {
  const url = `${serviceUrl(access, which.service)}/revisions/${which.revision}`;
  const answer = z.unknown().transform(revisionIn(access));
  const call = { action: `read revision ${which.revision}`, url, answer };
  return unlessMissing(callGoogle(access, call, waiting));
}

/** All revisions of a service, newest first as Google lists them. */
export async function listRevisions(
  access: GoogleAccess,
  service: string,
  waiting: Waiting = {},
): Promise<readonly RunRevision[]> {
  const url = `${serviceUrl(access, service)}/revisions`;
  const listing = {
    action: `list the revisions of ${service}`,
    url,
    of: 'revisions',
    read: revisionIn(access),
  };
  return listGoogle(access, listing, waiting);
}

/** The address of a service in API v2. */
export function serviceUrl(access: GoogleAccess, service: string): string {
  return `${placeUrl(access)}/${service}`;
}

function placeUrl({ endpoints, project, region }: GoogleAccess): string {
  return `${endpoints.run}/v2/projects/${project}/locations/${region}/services`;
}

const Service = z.unknown().transform(runService);

const Revision = z.object({
  name: z.string(),
  containers: z.array(z.object({ image: z.string().nullish() })).nullish(),
  conditions: z.array(Condition).nullish(),
  logUri: z.string().nullish(),
});

function revisionIn({ endpoints }: GoogleAccess): (message: unknown) => RunRevision {
  return (message) => {
    const seen = Revision.parse(message);
    const condition = seen.conditions?.find((one) => one?.type === 'Ready');
    return {
      name: shortName(seen.name),
      image: seen.containers?.[0]?.image ?? '',
      mounts: secretMounts(message),
      content: revisionContent(message),
      logUri: seen.logUri ? new URL(seen.logUri, endpoints.run).href : '',
      ...standing(condition),
    };
  };
}
