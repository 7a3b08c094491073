import { z } from 'zod';
import { Failure } from '../failure.ts';
import { callGoogle } from '../gcp/call.ts';
import type { GoogleAccess } from '../gcp/access.ts';
import { survivingNamesake } from './namesakes.ts';
import type { PlanJson, ResourceChange } from '../terraform/plan-json.ts';

/** A resource that exists in the cloud although the state does not know it. */
export interface Survivor {
  readonly address: string;
  /** What Terraform imports it by. */
  readonly id: string;
  /** It carries all that the plan would have given it: its labels, or the title of an account. */
  readonly marked: boolean;
}

/**
 * Of what a plan would create, that which exists already and would answer 409. What it replaces is
 * known to the state and goes first.
 */
export async function findSurvivors(
  google: GoogleAccess,
  plan: PlanJson,
): Promise<readonly Survivor[]> {
  const created = plan.resource_changes.filter(
    ({ change: { actions } }) => actions.includes('create') && !actions.includes('delete'),
  );
  const found = await Promise.all(created.map((change) => survivorOf(google, change)));
  return found.flatMap((one) => one ?? []);
}

/** The import blocks of an extra file beside the stack's own. */
export function importBlocks(survivors: readonly Survivor[]): string {
  return survivors
    .map(({ address, id }) => `import {\n  to = ${address}\n  id = ${JSON.stringify(id)}\n}\n`)
    .join('\n');
}

async function survivorOf(
  google: GoogleAccess,
  { address, type, change }: ResourceChange,
): Promise<Survivor | undefined> {
  const after = Names.safeParse(change.after);
  if (!after.success) return undefined;
  const listed = await survivingNamesake(google, type, after.data);
  if (listed !== undefined) return { address, id: listed, marked: true }; // found by its title
  const place = places[type]?.(google, after.data);
  const there = place && (await found(google, place));
  if (!place || !there) return undefined;
  return { address, id: place.id, marked: isMarked(there, after.data) };
}

/** A name alone is anybody's: whoever made it as the plan says has labelled it as the plan says. */
function isMarked(there: Found, { labels, display_name: title }: z.infer<typeof Names>): boolean {
  const wanted = Object.entries(labels ?? {});
  if (wanted.length === 0) return title !== '' && there.displayName === title;
  return wanted.every(([key, value]) => there.labels[key] === value);
}

const text = z.string().default('');
const Names = z.object({
  name: text,
  display_name: text,
  labels: z.record(z.string(), z.string()).nullish(),
  billing_account: text,
  budget_filter: z.array(z.object({ projects: z.array(z.string()).nullish() })).default([]),
  account_id: text,
  secret_id: text,
  repository_id: text,
});

interface Place {
  readonly id: string;
  readonly url: string;
}

/** The kinds that refuse to be created twice, by the id that both API and import know them by. */
const places: Readonly<
  Record<string, (google: GoogleAccess, names: z.infer<typeof Names>) => Place>
> = {
  google_service_account: ({ project, endpoints }, { account_id: name }) =>
    at(
      endpoints.iam,
      'v1',
      `projects/${project}/serviceAccounts/${name}@${project}.iam.gserviceaccount.com`,
    ),
  google_secret_manager_secret: ({ project, endpoints }, { secret_id: name }) =>
    at(endpoints.secretManager, 'v1', `projects/${project}/secrets/${name}`),
  google_artifact_registry_repository: ({ project, region, endpoints }, { repository_id: name }) =>
    at(
      endpoints.artifactRegistry,
      'v1',
      `projects/${project}/locations/${region}/repositories/${name}`,
    ),
  google_pubsub_topic: ({ project, endpoints }, { name }) =>
    at(endpoints.pubsub, 'v1', `projects/${project}/topics/${name}`),
  google_pubsub_subscription: ({ project, endpoints }, { name }) =>
    at(endpoints.pubsub, 'v1', `projects/${project}/subscriptions/${name}`),
  google_cloud_run_v2_job: ({ project, region, endpoints }, { name }) =>
    at(endpoints.run, 'v2', `projects/${project}/locations/${region}/jobs/${name}`),
  google_cloud_run_v2_worker_pool: ({ project, region, endpoints }, { name }) =>
    at(endpoints.run, 'v2', `projects/${project}/locations/${region}/workerPools/${name}`),
  google_cloud_scheduler_job: ({ project, region, endpoints }, { name }) =>
    at(endpoints.scheduler, 'v1', `projects/${project}/locations/${region}/jobs/${name}`),
  google_cloud_run_v2_service: ({ project, region, endpoints }, { name }) =>
    at(endpoints.run, 'v2', `projects/${project}/locations/${region}/services/${name}`),
};

function at(root: string, version: string, id: string): Place {
  return { id, url: `${root}/${version}/${id}` };
}

const Found = z.object({
  labels: z.record(z.string(), z.string()).default({}),
  displayName: z.string().default(''),
});
type Found = z.infer<typeof Found>;

async function found(google: GoogleAccess, { id, url }: Place): Promise<Found | undefined> {
  try {
    return await callGoogle(google, { action: `look for ${id}`, url, answer: Found });
  } catch (error) {
    if (error instanceof Failure && unseen.has(error.code)) return undefined;
    throw error;
  }
}

const unseen = new Set(['GOOGLE_NOT_FOUND', 'GOOGLE_DENIED', 'GOOGLE_API_OFF']);
