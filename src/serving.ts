import type { RunRevision } from './gcp/run.ts';
import { readRevision } from './gcp/run.ts';
import type { RunService } from './gcp/run-service.ts';
import type { Site } from './site.ts';
import { servingRevision } from './traffic.ts';

export interface Serving {
  /** Short name of the one revision that answers everything; undefined where several do. */
  readonly name: string | undefined;
  readonly revision: RunRevision | undefined;
}

/** The revision that answers at a service's URL. */
export async function servingOf(site: Site, service: RunService): Promise<Serving> {
  const name = servingRevision(service);
  if (name === undefined) return { name, revision: undefined };
  const revision = await readRevision(site.google, { service: service.name, revision: name });
  return { name, revision };
}

/**
 * Whether a service's newest revision is other than what serves: in content, not in name, for a
 * deploy that was wound back leaves a newest revision that equals the serving one.
 */
export async function newestDiffers(site: Site, service: RunService): Promise<boolean> {
  const { name, revision } = await servingOf(site, service);
  const newest = service.latestReadyRevision;
  if (name === newest) return false;
  const which = { service: service.name, revision: newest };
  const made = newest === '' ? undefined : await readRevision(site.google, which);
  return revision === undefined || made?.content !== revision.content;
}

/** Whether all traffic is bound to one revision by name, so that an apply cannot move it. */
export function isPinned({ traffic }: RunService): boolean {
  return traffic.some(({ revision, percent }) => percent === 100 && revision !== 'LATEST');
}
