import type { World } from '../../world.ts';
import { type Call, GoogleError, ok, param, type Reply } from '../http.ts';
import { allows, demand, Policy, readPolicy, storePolicy } from '../policies.ts';
import { bucketResource } from '../resource-names.ts';
import { type Bucket, bucketNamed } from './records.ts';

/** `GET /b/{bucket}/iam`. */
export function getBucketPolicy(world: World, call: Call): Reply {
  const { name } = demanded(world, call, 'getIamPolicy');
  return ok(shown(name, readPolicy(world, bucketResource(name))));
}

/** `PUT /b/{bucket}/iam`: 412 for the public where public access is prevented. */
export function setBucketPolicy(world: World, call: Call): Reply {
  const bucket = demanded(world, call, 'setIamPolicy');
  const policy = Policy.parse(call.body);
  const members = (policy.bindings ?? []).flatMap((binding) => binding.members);
  const open = members.some((member) => /^all(Authenticated)?Users$/.test(member));
  if (open && bucket.iamConfiguration?.publicAccessPrevention === 'enforced') {
    throw new GoogleError(
      'FAILED_PRECONDITION',
      'The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.',
      { code: 412, reason: 'conditionNotMet' },
    );
  }
  const { name } = bucket;
  return ok(shown(name, storePolicy(world, bucketResource(name), policy)));
}

/** `GET /b/{bucket}/iam/testPermissions?permissions=`. */
export function testBucketPermissions(world: World, call: Call): Reply {
  const { name } = bucketNamed(world, param(call, 'bucket'));
  const { owner, member } = call.caller;
  const permissions = call.query
    .getAll('permissions')
    .filter((asked) => owner || allows(world, member, asked, bucketResource(name)));
  return ok({ kind: 'storage#testIamPermissionsResponse', permissions });
}

function demanded(world: World, call: Call, verb: string): Bucket {
  const bucket = bucketNamed(world, param(call, 'bucket'));
  demand(world, call.caller, `storage.buckets.${verb}`, bucketResource(bucket.name));
  return bucket;
}

function shown(name: string, policy: Policy): Record<string, unknown> {
  return { kind: 'storage#policy', resourceId: bucketResource(name), bindings: [], ...policy };
}
