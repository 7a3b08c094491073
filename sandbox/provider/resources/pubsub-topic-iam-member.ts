import { project } from '../engine/common-fields.ts';
import { iamMember } from '../engine/iam-member.ts';
import { policyOwner, policyVerbs } from '../engine/policy-verbs.ts';

const path = 'projects/{project}/topics/{topic}';

/** A member of a role on a topic, such as who may publish there. */
export const pubsubTopicIamMember = iamMember({
  type: 'google_pubsub_topic_iam_member',
  product: 'pubsub',
  ...policyVerbs,
  parent: { ...project, topic: policyOwner() },
  path,
  names: [path, '{project}/{topic}', '{topic}'],
});
