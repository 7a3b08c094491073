import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { unlessMissing } from './refusal.ts';

const role = 'roles/run.invoker';

const Binding = z.looseObject({
  role: z.string(),
  members: z.array(z.string()).default([]),
  condition: z.unknown().optional(),
});
const Policy = z.looseObject({
  etag: z.string().optional(),
  bindings: z.array(Binding).default([]),
});

interface Grant {
  readonly service: string;
  readonly member: string;
}

/** Lets a member call a service; done where it may already. */
export async function letCall(
  access: GoogleAccess,
  { service, member }: Grant,
  waiting: Waiting = {},
): Promise<void> {
  const policy = await read(access, service, waiting);
  if (policy.bindings.some((one) => grants(one, member))) return;
  const bindings = [...policy.bindings, { role, members: [member] }];
  await write(access, service, { ...policy, bindings }, waiting);
}

/** A member may no longer call a service by that grant; done where it may not, or there is none. */
export async function forbidCall(
  access: GoogleAccess,
  { service, member }: Grant,
  waiting: Waiting = {},
): Promise<void> {
  const policy = await unlessMissing(read(access, service, waiting));
  if (!policy?.bindings.some((one) => grants(one, member))) return;
  const bindings = policy.bindings
    .map((one) =>
      grants(one, member)
        ? { ...one, members: one.members.filter((other) => other !== member) }
        : one,
    )
    .filter(({ members }) => members.length > 0);
  await write(access, service, { ...policy, bindings }, waiting);
}

function grants(binding: z.infer<typeof Binding>, member: string): boolean {
  const plain = binding.role === role && binding.condition === undefined;
  return plain && binding.members.includes(member);
}

function read(access: GoogleAccess, service: string, waiting: Waiting) {
  // Version 3, or conditions would be left out, and lost with the write.
  const url = `${urlOf(access, service)}:getIamPolicy?options.requestedPolicyVersion=3`;
  return callGoogle(
    access,
    { action: `read the policy of ${service}`, url, answer: Policy },
    waiting,
  );
}

async function write(
  access: GoogleAccess,
  service: string,
  policy: z.infer<typeof Policy>,
  waiting: Waiting,
): Promise<void> {
  const url = `${urlOf(access, service)}:setIamPolicy`;
  const action = `set the policy of ${service}`;
  const call = { action, method: 'POST', url, body: { policy }, mutating: true } as const;
  await callGoogle(access, { ...call, answer: z.unknown() }, waiting);
}

function urlOf({ endpoints, project, region }: GoogleAccess, service: string): string {
  return `${endpoints.run}/v2/projects/${project}/locations/${region}/services/${service}`;
}
