import { z } from 'zod';
import type { World } from '../world.ts';
import { type Call, GoogleError, invalid, ok, param, type Reply, type Route } from './http.ts';
import { filtered } from './filter.ts';
import { demand, dropPolicies, policyVerbs } from './policies.ts';
import { demandProject } from './projects.ts';
import { type Secret, secretNamed, SecretFields, secrets, versions } from './secrets/records.ts';
import { refuseByFault } from './secrets/foundation-fault.ts';
import { access, addVersion, changeState, getVersion, listVersions } from './secrets/versions.ts';
import { etag, freshEtag, page, patched } from './wire.ts';

export { accessSecretVersion } from './secrets/versions.ts';

const SECRET = 'projects/*/secrets/*';
const VERSION = `${SECRET}/versions/*`;
const verbs = ['enable', 'disable', 'destroy'] as const;
const SentEtag = z.looseObject({ etag: z.string().optional() });
const SecretId = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/);

/** The Secret Manager API, v1. */
export function secretManagerRoutes(world: World): readonly Route[] {
  const route = (
    method: string,
    template: string,
    handle: (world: World, call: Call) => Reply,
  ): Route => ({ method, template, handle: (call) => handle(world, call) });
  return [
    ...policyVerbs(world, {
      template: `/v1/{resource=${SECRET}}`,
      permissions: 'secretmanager.secrets',
      exists: (name) => secrets(world).get(name) !== undefined,
      refuse: (name) => refuseByFault(world, name),
    }),
    route('POST', '/v1/{parent=projects/*}/secrets', create),
    route('GET', '/v1/{parent=projects/*}/secrets', list),
    route('GET', `/v1/{name=${SECRET}}`, get),
    route('PATCH', `/v1/{name=${SECRET}}`, patch),
    route('DELETE', `/v1/{name=${SECRET}}`, remove),
    route('POST', `/v1/{parent=${SECRET}}:addVersion`, addVersion),
    route('GET', `/v1/{parent=${SECRET}}/versions`, listVersions),
    route('GET', `/v1/{name=${VERSION}}`, getVersion),
    route('GET', `/v1/{name=${VERSION}}:access`, access),
    ...verbs.map((verb) =>
      route('POST', `/v1/{name=${VERSION}}:${verb}`, (world, call) =>
        changeState(world, call, verb),
      ),
    ),
  ];
}

function create(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  demandProject(world, call.caller, parent, 'secretmanager.secrets.create');
  const name = `${parent}/secrets/${SecretId.parse(call.query.get('secretId') ?? '')}`;
  if (secrets(world).get(name) !== undefined) {
    throw new GoogleError('ALREADY_EXISTS', `Secret [${name}] already exists.`);
  }
  const fields = SecretFields.parse(call.body ?? {});
  if (fields.replication === undefined) throw invalid('secret.replication must be provided.');
  const createTime = world.now().toISOString();
  const secret: Secret = { ...fields, name, createTime, etag: freshEtag(), newest: 0 };
  secrets(world).set(name, secret);
  return ok(shown(secret));
}

function get(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'secretmanager.secrets.get', name);
  return ok(shown(secretNamed(world, name)));
}

function list(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  demandProject(world, call.caller, parent, 'secretmanager.secrets.list');
  const own = secrets(world)
    .list()
    .filter(([name]) => name.startsWith(`${parent}/`))
    .map(([, secret]) => shown(secret));
  const all = filtered(own, call.query.get('filter'));
  return ok({ ...page('secrets', all, call.query), totalSize: all.length });
}

function patch(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'secretmanager.secrets.update', name);
  const secret = secretNamed(world, name);
  etag.check(secret.etag, SentEtag.parse(call.body ?? {}).etag);
  const { createTime, newest } = secret;
  const fields = SecretFields.parse(patched(secret, call.body, call.query.get('updateMask')));
  const next: Secret = { ...fields, name, createTime, newest, etag: freshEtag() };
  secrets(world).set(name, next);
  return ok(shown(next));
}

function remove(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'secretmanager.secrets.delete', name);
  etag.check(secretNamed(world, name).etag, call.query.get('etag'));
  secrets(world).delete(name);
  for (const [version] of versions(world).list()) {
    if (version.startsWith(`${name}/versions/`)) versions(world).delete(version);
  }
  dropPolicies(world, name);
  return ok({});
}

function shown(secret: Secret): Record<string, unknown> {
  const { newest: _newest, ...rest } = secret;
  return rest;
}
