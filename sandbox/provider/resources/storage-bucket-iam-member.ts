import { iamMember } from '../engine/iam-member.ts';
import { policyOwner } from '../engine/policy-verbs.ts';

/** A member of a role on a bucket. */
export const storageBucketIamMember = iamMember({
  type: 'google_storage_bucket_iam_member',
  product: 'storage',
  parent: { bucket: policyOwner() },
  path: 'b/{bucket}',
  names: ['b/{bucket}', '{bucket}'],
  get: { method: 'GET', suffix: '/iam', query: { optionsRequestedPolicyVersion: '3' } },
  set: { method: 'PUT', suffix: '/iam' },
  wrap: (policy) => policy,
  timeouts: ['create'],
});
