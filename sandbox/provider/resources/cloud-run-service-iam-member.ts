import { project } from '../engine/common-fields.ts';
import { iamMember } from '../engine/iam-member.ts';
import { located, ownerLocation, policyOwner, policyVerbs } from '../engine/policy-verbs.ts';

const { path, names } = located('services', 'service');

/** A member of a role on a Cloud Run service, through API v1; v1 and v2 share the policy. */
export const cloudRunServiceIamMember = iamMember({
  type: 'google_cloud_run_service_iam_member',
  product: 'cloud_run',
  ...policyVerbs,
  parent: { ...project, ...ownerLocation, service: policyOwner() },
  path: `v1/${path}`,
  names,
});
