import { project } from '../engine/common-fields.ts';
import { iamMember } from '../engine/iam-member.ts';
import { located, ownerLocation, policyOwner, policyVerbs } from '../engine/policy-verbs.ts';

/** A member of a role on a repository of images. */
export const artifactRegistryRepositoryIamMember = iamMember({
  type: 'google_artifact_registry_repository_iam_member',
  product: 'artifact_registry',
  ...policyVerbs,
  parent: { ...project, ...ownerLocation, repository: policyOwner() },
  ...located('repositories', 'repository'),
});
