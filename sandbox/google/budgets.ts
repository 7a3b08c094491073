import type { World } from '../world.ts';
import { echoRoutes } from './echo-face.ts';
import type { Route } from './http.ts';
import { freshEtag } from './wire.ts';

/** The Billing Budgets API, v1; any billing account exists. */
export function budgetRoutes(world: World): readonly Route[] {
  return echoRoutes(world, {
    file: 'budgets',
    version: 'v1',
    parent: 'billingAccounts/*',
    kind: 'budgets',
    permissions: 'billing.budgets',
    id: () => crypto.randomUUID(),
    serverFields: () => ({ etag: freshEtag() }),
  });
}
