import type { World } from '../world.ts';
import { type EchoFace, echoes, echoRoutes } from './echo-face.ts';
import { notFound, ok, param, type Route } from './http.ts';

const pools: EchoFace = {
  file: 'workload-identity-pools',
  version: 'v1',
  parent: 'projects/*/locations/*',
  kind: 'workloadIdentityPools',
  permissions: 'iam.workloadIdentityPools',
  id: 'workloadIdentityPoolId',
  operation: { responseType: 'google.iam.v1.WorkloadIdentityPool' },
  operationParent: (name) => name,
  serverFields: () => ({ state: 'ACTIVE' }),
};

const providers: EchoFace = {
  ...pools,
  file: 'workload-identity-providers',
  parent: `${pools.parent}/workloadIdentityPools/*`,
  kind: 'providers',
  permissions: 'iam.workloadIdentityPoolProviders',
  id: 'workloadIdentityPoolProviderId',
  operation: { responseType: 'google.iam.v1.WorkloadIdentityPoolProvider' },
};

/** Workload Identity Federation: pools and their providers. */
export function workloadIdentityRoutes(world: World): readonly Route[] {
  const pool = `/v1/{name=${pools.parent}/workloadIdentityPools/*}`;
  return [
    {
      method: 'GET',
      template: `${pool}:listAttestationRules`,
      handle(call) {
        const name = param(call, 'name');
        if (echoes(world, pools.file).get(name) === undefined) throw notFound(`no pool ${name}`);
        return ok({});
      },
    },
    ...echoRoutes(world, providers),
    ...echoRoutes(world, pools),
  ];
}
