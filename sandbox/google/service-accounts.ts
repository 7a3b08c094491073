import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { World } from '../world.ts';
import { type Account, accounts } from './account-records.ts';
import { type Call, GoogleError, notFound, ok, param, type Reply, type Route } from './http.ts';
import { demand, dropPolicies, policyVerbs } from './policies.ts';
import { markDeleted } from './policy-store.ts';
import { demandProject } from './projects.ts';
import { accountResource } from './resource-names.ts';
import { page } from './wire.ts';

const ACCOUNT = '/v1/{name=projects/*/serviceAccounts/*}';
const Words = z.object({ displayName: z.string().optional(), description: z.string().optional() });
const Create = z.object({
  accountId: z.string().regex(/^[a-z](?:[a-z0-9-]{4,28}[a-z0-9])$/, 'must be 6-30 characters'),
  serviceAccount: Words.optional(),
});
const Patch = z.object({ serviceAccount: Words });

/** The IAM API, v1: service accounts and their policies. */
export function serviceAccountRoutes(world: World): readonly Route[] {
  const route = (
    method: string,
    template: string,
    handle: (world: World, call: Call) => Reply,
  ): Route => ({ method, template, handle: (call) => handle(world, call) });
  return [
    ...policyVerbs(world, {
      template: '/v1/{resource=projects/*/serviceAccounts/*}',
      permissions: 'iam.serviceAccounts',
      canonical: (name) => accountResource(accountNamed(world, name).email),
      exists: () => true,
    }),
    route('POST', '/v1/{parent=projects/*}/serviceAccounts', create),
    route('GET', '/v1/{parent=projects/*}/serviceAccounts', list),
    route('GET', ACCOUNT, get),
    route('PATCH', ACCOUNT, patch),
    route('PUT', ACCOUNT, patch),
    route('DELETE', ACCOUNT, remove),
    route('POST', `${ACCOUNT}:enable`, (world, call) => setDisabled(world, call, false)),
    route('POST', `${ACCOUNT}:disable`, (world, call) => setDisabled(world, call, true)),
  ];
}

/** The account of `projects/<p or ->/serviceAccounts/<email or unique id>`; NOT_FOUND if none. */
export function accountNamed(world: World, name: string): Account {
  const found = known(world, name);
  if (found === undefined) throw notFound(`Unknown service account`);
  return found;
}

function known(world: World, name: string): Account | undefined {
  const key = name.split('/')[3] ?? '';
  const byNumber = accounts(world).list();
  return accounts(world).get(key) ?? byNumber.find(([, one]) => one.uniqueId === key)?.[1];
}

function create(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  const { projectId } = demandProject(world, call.caller, parent, 'iam.serviceAccounts.create');
  const { accountId, serviceAccount } = Create.parse(call.body);
  const email = `${accountId}@${projectId}.iam.gserviceaccount.com`;
  if (accounts(world).get(email) !== undefined) {
    throw new GoogleError(
      'ALREADY_EXISTS',
      `Service account ${accountId} already exists within project ${parent}.`,
    );
  }
  const uniqueId = `1${Array.from({ length: 20 }, () => randomInt(10)).join('')}`;
  const name = accountResource(email);
  const identity = { name, projectId, uniqueId, email, oauth2ClientId: uniqueId };
  return keep(world, { ...serviceAccount, ...identity, etag: '' });
}

function get(world: World, call: Call): Reply {
  return ok(demanded(world, call, 'get'));
}

function list(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  const { projectId } = demandProject(world, call.caller, parent, 'iam.serviceAccounts.list');
  const all = accounts(world)
    .list()
    .map(([, account]) => account)
    .filter((account) => account.projectId === projectId);
  return ok(page('accounts', all, call.query));
}

function patch(world: World, call: Call): Reply {
  const account = demanded(world, call, 'update');
  const wrapped = Patch.safeParse(call.body);
  const words = wrapped.success ? wrapped.data.serviceAccount : Words.parse(call.body);
  return keep(world, { ...account, ...words });
}

function remove(world: World, call: Call): Reply {
  const { email, name, uniqueId } = demanded(world, call, 'delete');
  accounts(world).delete(email);
  markDeleted(world, email, uniqueId);
  dropPolicies(world, name);
  return ok({});
}

function setDisabled(world: World, call: Call, disabled: boolean): Reply {
  const { disabled: _before, ...account } = demanded(world, call, disabled ? 'disable' : 'enable');
  keep(world, disabled ? { ...account, disabled } : account);
  return ok({});
}

function demanded(world: World, call: Call, verb: string): Account {
  const asked = param(call, 'name');
  const email = known(world, asked)?.email ?? asked.split('/')[3] ?? '';
  demand(world, call.caller, `iam.serviceAccounts.${verb}`, accountResource(email));
  return accountNamed(world, asked);
}

function keep(world: World, account: Account): Reply {
  const etag = Buffer.from(String(world.now().getTime())).toString('base64');
  accounts(world).set(account.email, { ...account, etag });
  return ok({ ...account, etag });
}
