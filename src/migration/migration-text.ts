import type { Service } from '../config/service.ts';
import type { V1Instance } from './runs-on-v1.ts';

/** Where the services lie, and what is declared of them. */
export interface MigrationTarget {
  readonly project: string;
  readonly region: string;
  readonly services: Readonly<Record<string, Pick<Service, 'calls'>>>;
}

/**
 * The text of `migrate_v1.tf`: every v1 address is forgotten and its v2 one imported, in one plan.
 * (`moved` cannot do it: the google provider moves no state between types.)
 */
export function migrationText(found: readonly V1Instance[], target: MigrationTarget): string {
  const resources = [...new Set(found.map(({ resource }) => resource))];
  const head =
    '# Present only while the services go from v1 to v2; written by `windlass migrate-v1`.';
  return `${[head, ...resources.map(removed), ...found.map((one) => imported(one, target))].join('\n\n')}\n`;
}

function removed(resource: string): string {
  return `removed {\n  from = ${resource}\n\n  lifecycle {\n    destroy = false\n  }\n}`;
}

function imported({ service, grant }: V1Instance, target: MigrationTarget): string {
  const { project, region } = target;
  const inModule = `module.services[${JSON.stringify(service)}]`;
  const id = `projects/${project}/locations/${region}/services/${service}`;
  if (grant === undefined) return block(`${inModule}.google_cloud_run_v2_service.this`, id);
  const key = grant.member === 'allUsers' ? 'public[0]' : `invoker[${accountOf(grant.member)}]`;
  return block(
    `${inModule}.google_cloud_run_v2_service_iam_member.${key}`,
    `${id} ${grant.role} ${grant.member}`,
  );
}

function accountOf(member: string): string {
  return JSON.stringify(member.replace(/^serviceAccount:/, ''));
}

function block(to: string, id: string): string {
  return `import {\n  to = ${to}\n  id = ${JSON.stringify(id)}\n}`;
}
