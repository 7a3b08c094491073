import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { finishRun, Operation } from './operation.ts';
import { unlessMissing } from './refusal.ts';
import { serviceUrl } from './run.ts';

/** Deletes a service and waits until it is gone; none there is a success. */
export async function deleteService(
  access: GoogleAccess,
  name: string,
  waiting: Waiting = {},
): Promise<void> {
  const deed = { action: `delete service ${name}`, mutating: true };
  const call = { ...deed, method: 'DELETE', url: serviceUrl(access, name) } as const;
  const begun = await unlessMissing(callGoogle(access, { ...call, answer: Operation }, waiting));
  if (begun) await finishRun(access, begun, deed, waiting);
}
