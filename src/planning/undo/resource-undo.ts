import { isPrecious } from '../../../infra/policy/plan-rules.ts';
import { labelledService } from '../../background/candidate.ts';
import type { PlanJson, ResourceChange } from '../../terraform/plan-json.ts';
import type { UndoEntry } from './undo-entry.ts';

const service = 'google_cloud_run_v2_service';
const job = 'google_cloud_run_v2_job';

/** How each resource that a terraform plan changes is wound back. */
export function resourceUndo(plan: PlanJson): readonly UndoEntry[] {
  return plan.resource_changes
    .filter(({ mode }) => mode === 'managed')
    .flatMap((change) => {
      const undo = undoOf(change);
      return undo === undefined
        ? []
        : [{ kind: 'resource' as const, name: change.address, ...undo }];
    });
}

/** The name under which the loss of a resource is accepted, such as `service:api`. */
export function nameOfLoss({ type, address, change }: ResourceChange): string {
  const word = words[type];
  // A job and its candidate are lost together.
  const of = type === job ? labelledService(change.before) : undefined;
  const key = word && (of ?? change.before?.[word.key]);
  return word !== undefined && typeof key === 'string' ? `${word.kind}:${key}` : address;
}

const words: Readonly<Record<string, { readonly kind: string; readonly key: string }>> = {
  [service]: { kind: 'service', key: 'name' },
  google_cloud_run_service: { kind: 'service', key: 'name' },
  [job]: { kind: 'job', key: 'name' },
  google_cloud_run_v2_worker_pool: { kind: 'worker', key: 'name' },
  google_secret_manager_secret: { kind: 'secret', key: 'secret_id' },
  google_service_account: { kind: 'account', key: 'account_id' },
  google_storage_bucket: { kind: 'bucket', key: 'name' },
  google_sql_database: { kind: 'database', key: 'name' },
  google_artifact_registry_repository: { kind: 'repository', key: 'repository_id' },
};

function undoOf(resource: ResourceChange): Omit<UndoEntry, 'kind' | 'name'> | undefined {
  const { type, change } = resource;
  const does = (action: ResourceChange['change']['actions'][number]): boolean =>
    change.actions.includes(action);
  const word = change.actions.join(' and ');
  if (does('delete') && isPrecious(type))
    return {
      change: does('create') ? 'replace' : 'delete',
      undo: 'irreversible',
      how: lossOf(type),
      pointOfNoReturn: nameOfLoss(resource),
    };
  if (does('delete') || does('forget'))
    return {
      change: word,
      undo: 'restore values',
      how: 'recreated as in the previous release',
    };
  if (does('create')) return { change: word, undo: 'delete', how: endOf(type) };
  if (does('update') && type === service)
    return {
      change: word,
      undo: 'previous revision',
      how: 'the recorded traffic, then its values',
    };
  if (does('update'))
    return { change: word, undo: 'restore values', how: 'the values of the previous release' };
  return undefined;
}

function endOf(type: string): string {
  if (type === service) return 'through the Run API, for it is protected';
  if (type === 'google_project_service') return 'out of the state; the API stays enabled';
  return 'by terraform: the previous release has none';
}

function lossOf(type: string): string {
  if (type === service) return 'its revisions are lost; a rollback recreates it';
  if (type === 'google_secret_manager_secret')
    return 'its values are lost; a rollback creates new ones';
  if (type === 'google_service_account')
    return 'its grants are lost; a rollback creates one of the same name';
  return 'its contents are lost';
}
