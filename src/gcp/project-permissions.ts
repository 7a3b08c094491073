import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';

/** Those of the permissions that the access's principal has on the whole project right now. */
export async function projectPermissions(
  access: GoogleAccess,
  permissions: readonly string[],
  waiting: Waiting = {},
): Promise<readonly string[]> {
  const answer = z.object({ permissions: z.array(z.string()).default([]) });
  const { endpoints, project } = access;
  const url = `${endpoints.resourceManager}/v1/projects/${project}:testIamPermissions`;
  const action = `test the permissions on ${project}`;
  const call = { action, method: 'POST', url, body: { permissions }, answer } as const;
  return (await callGoogle(access, call, waiting)).permissions;
}
