import { Failure } from '../../failure.ts';
import { readRevision, readServices } from '../../gcp/run.ts';
import type { Site } from '../../site.ts';
import { findProject } from '../../supabase/project.ts';
import { newestRun } from '../newest-run.ts';
import { runAddress } from '../run-address.ts';
import { withClient } from '../with-client.ts';

/** What has an address to look at. */
export const places = ['ui', 'logs', 'console', 'supabase'] as const;
export type OpenPlace = (typeof places)[number];

/** Where a person looks at an environment; more than one where each service has its own. */
export async function addressesOf(site: Site, place: OpenPlace): Promise<readonly string[]> {
  const { project, target } = site.environment;
  if (place === 'ui') return [await uiOf(site)];
  if (place === 'supabase') return [await supabaseOf(site)];
  if (place === 'logs') return target === 'cloud' ? [logsIn(project)] : pagesOf(site);
  if (target === 'cloud') return [`https://console.cloud.google.com/run?project=${project}`];
  throw nothing('The sandbox has no console', 'it stands in for Google’s APIs alone', site);
}

function uiOf({ name }: Site): Promise<string> {
  return withClient(async (client, temporal) => {
    const { workflowId, runId } = await newestRun(client, temporal, name);
    return runAddress(temporal, workflowId, runId);
  });
}

function logsIn(project: string): string {
  const query = encodeURIComponent('resource.type="cloud_run_revision"');
  return `https://console.cloud.google.com/logs/query;query=${query}?project=${project}`;
}

/** The page with the log of each service's newest revision. */
async function pagesOf({ google, name }: Site): Promise<readonly string[]> {
  const services = await readServices(google);
  const pages = services.map(async ({ name: service, latestCreatedRevision: revision }) =>
    readRevision(google, { service, revision }),
  );
  const found = (await Promise.all(pages)).flatMap((page) => page?.logUri ?? []);
  if (found.length > 0) return found;
  throw new Failure({
    code: 'NOTHING_TO_OPEN',
    what: `No service runs in ${name}`,
    why: 'the pages of the sandbox are those of services that exist',
    fix: `\`windlass logs -e ${name}\` shows what those said that are gone.`,
  });
}

async function supabaseOf({ supabase, environment, name }: Site): Promise<string> {
  const { organization, project } = environment.supabase;
  const found = await findProject(supabase, { organization, name: project });
  if (!found)
    throw nothing(`There is no Supabase project ${project}`, `${organization} has none`, { name });
  if (environment.target === 'sandbox') return supabase.projectUrl(found.ref);
  return `https://supabase.com/dashboard/project/${found.ref}`;
}

function nothing(what: string, why: string, { name }: Pick<Site, 'name'>): Failure {
  const fix = `See what runs: \`windlass status -e ${name}\`.`;
  return new Failure({ code: 'NOTHING_TO_OPEN', what, why, fix });
}
