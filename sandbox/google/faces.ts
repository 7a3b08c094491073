import type { World } from '../world.ts';
import { guarded } from './apis/guard.ts';
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
import { schedulerRoutes } from './scheduler.ts';
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
  { url = () => '', ...hooks }: ControlHooks & { readonly url?: () => string } = {},
): readonly Route[] {
  const of = (api: string, routes: readonly Route[]) =>
    guarded(world, `${api}.googleapis.com`, routes);
  return [
    ...controlRoutes(world, hooks),
    ...spendRoutes(world),
    ...wallRoutes(world),
    ...extra,
    ...operationRoutes(world),
    ...of('secretmanager', secretManagerRoutes(world)),
    ...of('iamcredentials', iamCredentialsRoutes(world)),
    ...of('iam', serviceAccountRoutes(world)),
    ...of('serviceusage', serviceUsageRoutes(world)),
    ...of('artifactregistry', artifactRegistryRoutes(world)),
    ...of('artifactregistry', shownImageRoutes(world)),
    ...of('cloudbuild', cloudBuildRoutes(world)),
    ...of('iam', workloadIdentityRoutes(world)),
    ...of('cloudresourcemanager', projectRoutes(world)),
    ...of('cloudbilling', billingAccountRoutes(world)),
    ...of('billingbudgets', budgetRoutes(world)),
    ...of('monitoring', monitoringRoutes(world)),
    ...of('pubsub', pubsubRoutes(world)),
    ...of('cloudscheduler', schedulerRoutes(world, url)),
    ...idTokenRoutes(world),
    ...tokenInfoRoutes(world),
    ...storageRoutes(world),
    ...registryRoutes(world),
    ...storageXmlRoutes(world),
  ];
}
