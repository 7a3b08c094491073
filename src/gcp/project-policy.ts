import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';

const Binding = z.looseObject({
  role: z.string(),
  members: z.array(z.string()).default([]),
  condition: z.unknown().optional(),
});
const Policy = z.looseObject({ bindings: z.array(Binding).default([]) });
export type Policy = z.infer<typeof Policy>;

const whole = { options: { requestedPolicyVersion: 3 } }; // with its conditions

/** The policy of the access's project. */
export async function readProjectPolicy(
  { project, ...access }: GoogleAccess,
  waiting: Waiting = {},
): Promise<Policy> {
  const url = `${access.endpoints.resourceManager}/v1/projects/${project}:getIamPolicy`;
  return readPolicy({ project, ...access }, `read the policy of ${project}`, url, waiting);
}

/** The policy of one service account. */
export async function readAccountPolicy(
  access: GoogleAccess,
  account: string,
  waiting: Waiting = {},
): Promise<Policy> {
  const url = `${access.endpoints.iam}/v1/projects/-/serviceAccounts/${account}:getIamPolicy`;
  return readPolicy(access, `read the policy of ${account}`, url, waiting);
}

/** Grants a role on the whole project; others' bindings and conditions stay as they are. */
export async function grantOnProject(
  access: GoogleAccess,
  { role, member }: { readonly role: string; readonly member: string },
  waiting: Waiting = {},
): Promise<void> {
  const url = `${access.endpoints.resourceManager}/v1/projects/${access.project}:setIamPolicy`;
  const action = `grant ${role} to ${member}`;
  for (let left = tries; left > 0; left -= 1) {
    const policy = await readProjectPolicy(access, waiting);
    const bindings = [...policy.bindings, { role, members: [member] }];
    const body = { policy: { ...policy, version: 3, bindings } };
    const call = {
      action,
      mutating: true,
      method: 'POST',
      url,
      body,
      answer: z.unknown(),
    } as const;
    try {
      await callGoogle(access, call, waiting);
      return;
    } catch (error) {
      const moved = error instanceof Failure && error.code === 'GOOGLE_STALE';
      if (!moved || left === 1) throw error;
    }
  }
}

const tries = 5; // another may change the policy at the same moment

function readPolicy(
  access: GoogleAccess,
  action: string,
  url: string,
  waiting: Waiting,
): Promise<Policy> {
  return callGoogle(access, { action, method: 'POST', url, body: whole, answer: Policy }, waiting);
}
