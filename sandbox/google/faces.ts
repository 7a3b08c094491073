import type { World } from '../world.ts';
import { artifactRegistryRoutes } from './artifact-registry.ts';
import { billingAccountRoutes } from './billing-accounts.ts';
import { budgetRoutes } from './budgets.ts';
import { cloudBuildRoutes } from './cloud-build.ts';
import { type ControlHooks, controlRoutes } from './control.ts';
import type { Route } from './http.ts';
import { iamCredentialsRoutes } from './iam-credentials.ts';
import { monitoringRoutes } from './monitoring.ts';
import { operationRoutes } from './operations.ts';
import { projectRoutes } from './projects.ts';
import { pubsubRoutes } from './pubsub.ts';
import { registryRoutes } from './registry.ts';
import { shownImageRoutes } from './registry/shown-images.ts';
import { secretManagerRoutes } from './secret-manager.ts';
import { serviceAccountRoutes } from './service-accounts.ts';
import { serviceUsageRoutes } from './service-usage.ts';
import { spendRoutes } from './spend.ts';
import { storageRoutes, storageXmlRoutes } from './storage.ts';
import { tokenInfoRoutes } from './token-info.ts';
import { idTokenRoutes } from './tokens.ts';
import { wallRoutes } from './walls.ts';
import { workloadIdentityRoutes } from './workload-identity.ts';

/** Every Google face of a world; `extra` (Cloud Run) goes before the paths that fit anything. */
export function googleRoutes(
  world: World,
  extra: readonly Route[] = [],
  hooks: ControlHooks = {},
): readonly Route[] {
  return [
    ...controlRoutes(world, hooks),
    ...spendRoutes(world),
    ...wallRoutes(world),
    ...extra,
    ...operationRoutes(world),
    ...secretManagerRoutes(world),
    ...iamCredentialsRoutes(world),
    ...serviceAccountRoutes(world),
    ...serviceUsageRoutes(world),
    ...artifactRegistryRoutes(world),
    ...shownImageRoutes(world),
    ...cloudBuildRoutes(world),
    ...workloadIdentityRoutes(world),
    ...projectRoutes(world),
    ...billingAccountRoutes(world),
    ...budgetRoutes(world),
    ...monitoringRoutes(world),
    ...pubsubRoutes(world),
    ...idTokenRoutes(world),
    ...tokenInfoRoutes(world),
    ...storageRoutes(world),
    ...registryRoutes(world),
    ...storageXmlRoutes(world),
  ];
}
