import { z } from 'zod';
import type { World } from '../world.ts';
import { type Call, invalid, notFound, ok, param, type Reply, type Route } from './http.ts';
import { demand, may, Policy, readPolicy, writePolicy } from './policy-store.ts';
import { accountExists } from './account-records.ts';
import { refuseOutsiders } from './walls.ts';

export { allows, demand, dropPolicies, Policy, readPolicy } from './policy-store.ts';

/** What a face must say so that its resources get the three IAM verbs. */
export interface PolicyFace {
  // Has exactly one variable, `resource`: '/v1/{resource=projects/*/secrets/*}'.
  readonly template: string;
  /** The prefix of the IAM permissions, e.g. `secretmanager.secrets`. */
  readonly permissions: string;
  readonly exists: (resource: string) => boolean;
  /** Called before a policy is stored; may throw. */
  readonly refuse?: (resource: string) => void;
  /** The name under which the policy is kept, where it is not the name in the path. */
  readonly canonical?: (resource: string) => string;
}

const SetBody = z.object({ policy: Policy });
const TestBody = z.object({ permissions: z.array(z.string()).default([]) });

/** getIamPolicy (GET and POST), setIamPolicy and testIamPermissions for one template. */
export function policyVerbs(world: World, face: PolicyFace): readonly Route[] {
  const get = (call: Call): Reply => {
    const resource = known(face, call);
    demand(world, call.caller, `${face.permissions}.getIamPolicy`, resource);
    return ok(readPolicy(world, resource));
  };
  return [
    { method: 'GET', template: `${face.template}:getIamPolicy`, handle: get },
    { method: 'POST', template: `${face.template}:getIamPolicy`, handle: get },
    {
      method: 'POST',
      template: `${face.template}:setIamPolicy`,
      handle: (call) => set(world, face, call),
    },
    {
      method: 'POST',
      template: `${face.template}:testIamPermissions`,
      handle: (call) => test(world, face, call),
    },
  ];
}

/** Stores a policy after the checks that every face shares: members that are new must exist. */
export function storePolicy(world: World, resource: string, policy: Policy): Policy {
  const current = readPolicy(world, resource);
  refuseOutsiders(world, current, policy);
  const before = new Set(membersOf(current));
  for (const member of membersOf(policy)) {
    const email = /^serviceAccount:(.+\.iam\.gserviceaccount\.com)$/.exec(member)?.[1];
    if (email === undefined || before.has(member) || accountExists(world, email)) continue;
    throw invalid(`Service account ${email} does not exist.`);
  }
  return writePolicy(world, resource, policy);
}

function set(world: World, face: PolicyFace, call: Call): Reply {
  const resource = known(face, call);
  demand(world, call.caller, `${face.permissions}.setIamPolicy`, resource);
  const { policy } = SetBody.parse(call.body);
  face.refuse?.(resource);
  return ok(storePolicy(world, resource, policy));
}

function test(world: World, face: PolicyFace, call: Call): Reply {
  const resource = known(face, call);
  const { permissions } = TestBody.parse(call.body);
  const held = permissions.filter((permission) => may(world, call.caller, permission, resource));
  return ok(held.length === 0 ? {} : { permissions: held });
}

function known(face: PolicyFace, call: Call): string {
  const asked = param(call, 'resource');
  const resource = face.canonical?.(asked) ?? asked;
  if (!face.exists(resource)) throw notFound(`Resource '${resource}' was not found.`);
  return resource;
}

function membersOf(policy: Policy): readonly string[] {
  return (policy.bindings ?? []).flatMap(({ members }) => members);
}
