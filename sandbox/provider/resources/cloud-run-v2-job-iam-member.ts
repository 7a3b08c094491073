import { project } from '../engine/common-fields.ts';
import { iamMember } from '../engine/iam-member.ts';
import { located, ownerLocation, policyOwner, policyVerbs } from '../engine/policy-verbs.ts';

/** A member of a role on a Cloud Run job. */
export const cloudRunV2JobIamMember = iamMember({
  type: 'google_cloud_run_v2_job_iam_member',
  product: 'cloud_run_v2',
  ...policyVerbs,
  parent: { ...project, ...ownerLocation, name: policyOwner() },
  ...located('jobs', 'name'),
});
