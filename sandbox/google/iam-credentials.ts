import { z } from 'zod';
import type { World } from '../world.ts';
import type { Account } from './account-records.ts';
import { type Call, GoogleError, ok, param, type Reply, type Route } from './http.ts';
import { demand } from './policies.ts';
import { accountResource } from './resource-names.ts';
import { accountNamed } from './service-accounts.ts';
import { mintAccessToken, mintIdToken } from './tokens.ts';

const ACCOUNT = '/v1/{name=projects/*/serviceAccounts/*}';
const AccessBody = z.object({
  scope: z.array(z.string()).min(1),
  lifetime: z
    .string()
    .regex(/^\d+(\.\d+)?s$/)
    .default('3600s'),
});
const IdBody = z.object({ audience: z.string().min(1) });

/** The IAM Credentials API, v1: short-lived tokens of service accounts. */
export function iamCredentialsRoutes(world: World): readonly Route[] {
  return [
    {
      method: 'POST',
      template: `${ACCOUNT}:generateAccessToken`,
      handle: (call) => accessToken(world, call),
    },
    {
      method: 'POST',
      template: `${ACCOUNT}:generateIdToken`,
      handle: (call) => idToken(world, call),
    },
  ];
}

function accessToken(world: World, call: Call): Reply {
  const { email } = impersonated(world, call, 'getAccessToken');
  const { lifetime } = AccessBody.parse(call.body);
  const minted = mintAccessToken(world, email, Number.parseFloat(lifetime) * 1000);
  return ok({ accessToken: minted.accessToken, expireTime: minted.expireTime.toISOString() });
}

function idToken(world: World, call: Call): Reply {
  const { email } = impersonated(world, call, 'getOpenIdToken');
  return ok({ token: mintIdToken(world, email, IdBody.parse(call.body).audience) });
}

function impersonated(world: World, call: Call, verb: string): Account {
  const account = accountNamed(world, param(call, 'name'));
  demand(world, call.caller, `iam.serviceAccounts.${verb}`, accountResource(account.email));
  if (account.disabled !== true) return account;
  throw new GoogleError('FAILED_PRECONDITION', `Service account ${account.email} is disabled.`);
}
