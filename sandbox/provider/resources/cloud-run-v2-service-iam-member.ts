import { project } from '../engine/common-fields.ts';
import { iamMember } from '../engine/iam-member.ts';
import { located, ownerLocation, policyOwner, policyVerbs } from '../engine/policy-verbs.ts';

/** A member of a role on a Cloud Run service, through API v2; v1 and v2 share the policy. */
export const cloudRunV2ServiceIamMember = iamMember({
  type: 'google_cloud_run_v2_service_iam_member',
  product: 'cloud_run_v2',
  ...policyVerbs,
  parent: { ...project, ...ownerLocation, name: policyOwner() },
  ...located('services', 'name'),
});
