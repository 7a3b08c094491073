import { shortName } from '../gcp/run-service.ts';
import { Failure } from '../failure.ts';
import { listObjects, readObject } from '../gcp/objects.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import type { Site } from '../site.ts';
import { readState } from '../state/state-text.ts';
import type { StateText } from '../state/state-text.ts';

/** Something that an environment's Terraform states hold. */
export interface StateThing {
  readonly kind: string;
  /** As the clouds list it: the last part of its name. */
  readonly name: string;
  /** When it was made (ISO 8601), where the state says so. */
  readonly createdAt?: string;
}

/** What the environment's states hold and a person would miss; grants and switched APIs are left out. */
export async function stateThings(site: Site): Promise<readonly StateThing[]> {
  const states = await Promise.all((await stateObjects(site)).map((name) => read(site, name)));
  return states.flatMap(({ resources }) => resources).flatMap(thingsIn);
}

async function stateObjects({ google, stateBucket }: Site): Promise<readonly string[]> {
  const found = (await unlessMissing(listObjects(google, stateBucket, ''))) ?? [];
  return found.map(({ name }) => name).filter((name) => name.endsWith('/default.tfstate'));
}

async function read(site: Site, name: string): Promise<StateText> {
  const content = await readObject(site.google, { bucket: site.stateBucket, name });
  const state = content && readState(String(content));
  if (state) return state;
  throw new Failure({
    code: 'STATE_UNREADABLE',
    what: `The Terraform state ${name} of ${site.name} cannot be read`,
    why: `gs://${site.stateBucket}/${name} is not a whole state, so nobody can say what ${site.name} owns`,
    fix: `Restore it: \`windlass recover -e ${site.name}\`; then run the command again.`,
  });
}

const kinds: Readonly<Record<string, string>> = {
  google_cloud_run_v2_service: 'service',
  google_cloud_run_service: 'service',
  google_secret_manager_secret: 'secret',
  google_service_account: 'account',
  google_artifact_registry_repository: 'repository',
  google_billing_budget: 'budget',
  google_monitoring_notification_channel: 'notification channel',
  google_pubsub_topic: 'topic',
  google_pubsub_subscription: 'subscription',
  google_iam_workload_identity_pool: 'identity pool',
};

function thingsIn({
  mode,
  type,
  instances,
}: StateText['resources'][number]): readonly StateThing[] {
  const small = /_iam_(member|binding|policy)$|^google_project_service$|_pool_provider$/.test(type);
  if (mode !== 'managed' || small) return [];
  return instances.map(({ attributes }) => {
    const created = attributes['create_time'];
    return {
      kind: kinds[type] ?? type,
      name: nameOf(attributes),
      ...(typeof created === 'string' && created !== '' && { createdAt: created }),
    };
  });
}

/** The first of these that a resource has. */
const naming = [
  ...['secret_id', 'repository_id', 'workload_identity_pool_id', 'email'],
  ...['display_name', 'name', 'id'],
] as const;

function nameOf(attributes: Readonly<Record<string, unknown>>): string {
  const named = naming.map((key) => attributes[key]);
  const whole = named.find((one) => typeof one === 'string' && one !== '');
  if (typeof whole !== 'string') return 'without a name';
  return shortName(whole);
}
