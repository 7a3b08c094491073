import { naming } from '../engine/common-fields.ts';
import { iamMember } from '../engine/iam-member.ts';
import { ofVersion3, policyVerbs } from '../engine/policy-verbs.ts';

/** A member of a role on a service account, such as who may act as it. */
export const serviceAccountIamMember = iamMember({
  type: 'google_service_account_iam_member',
  product: 'iam_beta',
  generated: true,
  ...policyVerbs,
  get: { ...policyVerbs.get, ...ofVersion3, method: 'POST' },
  parent: { service_account_id: naming() },
  path: '{service_account_id}',
  names: ['{+service_account_id}'],
});
