import type { RunService } from './gcp/run-service.ts';
import type { Site } from './site.ts';

/** Whether a service is declared, or carries the environment's labels; any other is somebody else's. */
export function isOfEnvironment(
  site: Pick<Site, 'config' | 'name'>,
  service: Pick<RunService, 'name' | 'labels'>,
): boolean {
  return Object.hasOwn(site.config.services, service.name) || isLabelled(site, service);
}

/** Whether a service carries the labels of what Windlass made in this environment. */
export function isLabelled(
  site: Pick<Site, 'name'>,
  { labels }: Pick<RunService, 'labels'>,
): boolean {
  return labels['managed-by'] === 'windlass' && labels['environment'] === site.name;
}
