import { naming } from '../engine/common-fields.ts';
import { iamMember } from '../engine/iam-member.ts';

/** A member of a role on a project. */
export const projectIamMember = iamMember({
  type: 'google_project_iam_member',
  product: 'resource_manager',
  generated: true,
  parent: { project: naming() },
  path: 'projects/{project}',
  idPath: '{project}',
  names: ['projects/{project}', '{project}'],
  get: {
    method: 'POST',
    suffix: ':getIamPolicy',
    body: { options: { requestedPolicyVersion: 3 } },
  },
  set: { method: 'POST', suffix: ':setIamPolicy' },
  wrap: (policy) => ({ policy, updateMask: 'bindings,etag,auditConfigs' }),
});
