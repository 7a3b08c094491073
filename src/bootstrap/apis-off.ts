import { Failure } from '../failure.ts';
import type { Waiting } from '../gcp/access.ts';
import { enabledApis } from '../gcp/enabled-apis.ts';
import type { Site } from '../site.ts';
import { apisFor } from './needed-apis.ts';
import type { ApiOfProject } from './needed-apis.ts';

/** The APIs that the environment needs and that are off; changes nothing. */
export async function apisOff(site: Site, waiting: Waiting = {}): Promise<readonly ApiOfProject[]> {
  const needed = apisFor(site);
  const projects = [...new Set(needed.map(({ project }) => project))];
  const off = projects.map(async (project) => {
    const own = needed.filter((one) => one.project === project);
    const on = await enabledIn(site, project, waiting);
    return on === undefined ? [] : own.filter(({ api }) => !on.includes(api));
  });
  return (await Promise.all(off)).flat();
}

/** Undefined where the project is another's, who may keep that to themselves. */
async function enabledIn(
  { google }: Site,
  project: string,
  waiting: Waiting,
): Promise<readonly string[] | undefined> {
  try {
    return await enabledApis({ ...google, project }, waiting);
  } catch (error) {
    const closed = error instanceof Failure && error.code === 'GOOGLE_DENIED';
    if (closed && project !== google.project) return undefined;
    throw error;
  }
}
