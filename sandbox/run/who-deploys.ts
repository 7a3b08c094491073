import { accountExists } from '../google/account-records.ts';
import { type Caller, invalid } from '../google/http.ts';
import { demand } from '../google/policies.ts';
import { accountResource } from '../google/resource-names.ts';
import type { World } from '../world.ts';

/** Who deploys must be allowed to act as the account that it runs as, and there must be one. */
export function checkAccount(world: World, by: Caller, account = ''): void {
  if (!account.endsWith('.iam.gserviceaccount.com')) return;
  demand(world, by, 'iam.serviceAccounts.actAs', accountResource(account));
  if (accountExists(world, account)) return;
  throw invalid(`Service account ${account} does not exist.`);
}

/** The address of a caller as Cloud Run writes it down. */
export const memberOf = ({ member }: Caller): string => member.replace(/^[a-zA-Z]+:/, '');
