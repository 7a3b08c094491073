import { generateIdToken } from '../gcp/iam.ts';
import type { RunService } from '../gcp/run-service.ts';
import type { Site } from '../site.ts';
import { selfOf } from '../stacks/closed.ts';
import { answersByForm, formPath } from './ready-by-form.ts';
import { servingRevision } from '../traffic.ts';
import { ownValue } from '../own-value.ts';

/** One way to call a service the way its caller does: an address and who we are. */
export interface Reach {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly revision: string;
  /** A path that may be asked for again and again; absent = /. */
  readonly harmless?: string;
}

/**
 * How the revision that a deploy means is reached: by its candidate address where it has no traffic
 * yet, else where it serves. A private service is called as the account of one that may call it, and
 * one that is not public yet as itself, in Google's own header: who uses it needs the usual one.
 */
export async function reachOf(
  site: Site,
  service: RunService,
  candidates: Readonly<Record<string, string>>,
  closed: readonly string[] = [],
): Promise<Reach> {
  const { name, uri } = service;
  const candidate = candidates[name];
  const serving = candidate === undefined ? servingRevision(service) : undefined;
  const revision = serving ?? service.latestReadyRevision;
  const common = { name, url: candidate ?? uri, revision, harmless: harmlessPath(site, name) };
  const isClosed = closed.includes(name);
  const caller = isClosed ? name : callerOf(site, name);
  if (caller === undefined) return { ...common, headers: {} };
  const account = selfOf(site, caller);
  const token = await generateIdToken(site.google, { account, audience: uri });
  const header = isClosed ? 'x-serverless-authorization' : 'authorization';
  return { ...common, headers: { [header]: `Bearer ${token}` } };
}

/** Whether anybody may call a service from here; one that works alone can be asked by nobody. */
export function isCalled(site: Site, name: string): boolean {
  const service = ownValue(site.config.services, name);
  if ((service?.ingress ?? 'all') !== 'all') return false; // Google says 404
  return service?.public === true || callerOf(site, name) !== undefined;
}

function callerOf(site: Site, name: string): string | undefined {
  const { services } = site.config;
  if (ownValue(services, name)?.public) return undefined;
  return Object.entries(services).find(([, { calls }]) => calls.includes(name))?.[0];
}

function harmlessPath(site: Site, name: string): string {
  return answersByForm(site) ? formPath : (site.config.services[name]?.ready?.path ?? '/');
}
