import { z } from 'zod';
import type { Collection, World } from '../world.ts';

/** A service account as the IAM API shows it, with the project that holds it. */
export const Account = z.object({
  name: z.string(),
  projectId: z.string(),
  uniqueId: z.string(),
  email: z.string(),
  displayName: z.string().optional(),
  description: z.string().optional(),
  disabled: z.boolean().optional(),
  etag: z.string(),
  oauth2ClientId: z.string(),
});
export type Account = z.infer<typeof Account>;

/** Every service account, by e-mail. */
export function accounts(world: World): Collection<Account> {
  return world.collection('service-accounts', Account);
}

/** Whether the account exists, enabled or not. */
export function accountExists(world: World, email: string): boolean {
  return accounts(world).get(email) !== undefined;
}
