import type { DataSource } from '../engine/resource.ts';
import { computed, optional, optionalComputed } from '../engine/schema.ts';
import { isObject, text, type Value, type ValueObject, written } from '../engine/value.ts';

/** A project as it is. */
export const projectData: DataSource = {
  type: 'google_project',
  fields: {
    id: optionalComputed('string'),
    project_id: optional('string'),
    auto_create_network: computed('bool'),
    billing_account: computed('string'),
    deletion_policy: computed('string'),
    effective_labels: computed(['map', 'string']),
    folder_id: computed('string'),
    labels: computed(['map', 'string']),
    name: computed('string'),
    number: computed('string'),
    org_id: computed('string'),
    tags: computed(['map', 'string']),
    terraform_labels: computed(['map', 'string']),
  },
  read: async (call, config) => {
    const asked = text(config['project_id']) || (call.configuration.project ?? '');
    const path = `projects/${asked}`;
    const answer = await call.send({
      product: 'resource_manager',
      method: 'GET',
      path,
      generated: true,
    });
    return projectState(answer);
  },
};

function projectState(answer: ValueObject): ValueObject {
  const project = text(answer['projectId']);
  const labels: Value = isObject(answer['labels']) ? answer['labels'] : {};
  const parent = isObject(answer['parent']) ? answer['parent'] : {};
  const parentId = (type: string) => (parent['type'] === type ? text(parent['id']) : '');
  return {
    id: `projects/${project}`,
    project_id: project,
    name: text(answer['name']),
    number: written(answer['projectNumber']),
    org_id: parentId('organization'),
    folder_id: parentId('folder'),
    effective_labels: labels,
    labels: {},
    terraform_labels: {},
  };
}
