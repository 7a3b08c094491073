import { project } from '../engine/common-fields.ts';
import { iamMember } from '../engine/iam-member.ts';
import { ofVersion3, policyOwner, policyVerbs } from '../engine/policy-verbs.ts';

/** A member of a role on a secret, such as who may read its values. */
export const secretManagerSecretIamMember = iamMember({
  type: 'google_secret_manager_secret_iam_member',
  product: 'secret_manager',
  ...policyVerbs,
  get: { ...policyVerbs.get, ...ofVersion3 },
  parent: { ...project, secret_id: policyOwner() },
  path: 'projects/{project}/secrets/{secret_id}',
  names: ['projects/{project}/secrets/{secret_id}', '{project}/{secret_id}', '{secret_id}'],
});
