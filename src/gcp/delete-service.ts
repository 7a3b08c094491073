import type { GoogleAccess, Waiting } from './access.ts';
import { done } from './official.ts';
import { unlessMissing } from './refusal.ts';
import { servicePath, servicesOf } from './run.ts';

/** Deletes a service and waits until it is gone; none there is a success. */
export async function deleteService(
  access: GoogleAccess,
  name: string,
  waiting: Waiting = {},
): Promise<void> {
  const deed = { action: `delete service ${name}`, mutating: true };
  const call = servicesOf(access).deleteService({ name: servicePath(access, name) });
  const begun = await unlessMissing(done(deed, call, waiting));
  if (begun) await done(deed, begun[0].promise(), waiting);
}
