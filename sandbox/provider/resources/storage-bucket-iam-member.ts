import { naming } from '../engine/common-fields.ts';
import { iamMember } from '../engine/iam-member.ts';

/** A member of a role on a bucket. */
export const storageBucketIamMember = iamMember({
  type: 'google_storage_bucket_iam_member',
  product: 'storage',
  parent: { bucket: naming() },
  path: 'b/{bucket}',
  names: ['b/{bucket}', '{bucket}'],
  get: { method: 'GET', suffix: '/iam', query: { optionsRequestedPolicyVersion: '3' } },
  set: { method: 'PUT', suffix: '/iam' },
  wrap: (policy) => policy,
  timeouts: ['create'],
});
