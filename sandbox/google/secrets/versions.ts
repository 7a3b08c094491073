import { z } from 'zod';
import type { World } from '../../world.ts';
import { crc32c } from '../crc32c.ts';
import { type Call, GoogleError, invalid, ok, param, type Reply } from '../http.ts';
import { filtered } from '../filter.ts';
import { demand } from '../policies.ts';
import { etag, page, freshEtag } from '../wire.ts';
import { secretNamed, secrets, type Version, versionNamed, versions } from './records.ts';

const AddBody = z.object({
  payload: z.object({
    data: z.base64().default(''),
    dataCrc32c: z.union([z.string(), z.number()]).optional(),
  }),
});
const StateBody = z.looseObject({ etag: z.string().optional() }).optional();

/** `:addVersion`: 400 where the checksum sent does not fit the data. */
export function addVersion(world: World, call: Call): Reply {
  const name = param(call, 'parent');
  demand(world, call.caller, 'secretmanager.versions.add', name);
  const secret = secretNamed(world, name);
  const { data, dataCrc32c } = AddBody.parse(call.body).payload;
  if (dataCrc32c !== undefined && String(dataCrc32c) !== checksum(data)) {
    throw invalid('The checksum of the payload does not match dataCrc32c.');
  }
  refuseSize(Buffer.byteLength(data, 'base64'));
  const newest = secret.newest + 1;
  secrets(world).set(name, { ...secret, newest });
  const version: Version = {
    name: `${name}/versions/${newest}`,
    createTime: world.now().toISOString(),
    state: 'ENABLED',
    etag: freshEtag(),
    payload: data,
    ...(dataCrc32c === undefined ? {} : { clientSpecifiedPayloadChecksum: true }),
  };
  versions(world).set(version.name, version);
  return ok(shown(version));
}

const MOST_BYTES = 65_536; // Secret Manager, "Quotas and limits"

function refuseSize(bytes: number): void {
  if (bytes === 0) throw invalid('Secret Payload cannot be empty.');
  if (bytes <= MOST_BYTES) return;
  throw invalid(
    `The payload size of [${bytes}] bytes exceeds the maximum size of [${MOST_BYTES}] bytes.`,
  );
}

/**
 * The bytes of a version for a member: PERMISSION_DENIED, NOT_FOUND, or FAILED_PRECONDITION where
 * the version is not enabled.
 */
export function accessSecretVersion(world: World, member: string, versionName: string): Buffer {
  const secret = versionName.split('/versions/')[0] ?? '';
  demand(world, { member, owner: false }, 'secretmanager.versions.access', secret);
  return Buffer.from(payloadOf(versionNamed(world, versionName)), 'base64');
}

/** `:access`, as {name, payload: {data, dataCrc32c}}. */
export function access(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'secretmanager.versions.access', secretOf(name));
  const version = versionNamed(world, name);
  const data = payloadOf(version);
  return ok({ name: version.name, payload: { data, dataCrc32c: checksum(data) } });
}

/** One version without its payload. */
export function getVersion(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'secretmanager.versions.get', secretOf(name));
  return ok(shown(versionNamed(world, name)));
}

/** Newest first, by `pageSize` and `pageToken`. */
export function listVersions(world: World, call: Call): Reply {
  const name = param(call, 'parent');
  demand(world, call.caller, 'secretmanager.versions.list', name);
  secretNamed(world, name);
  const own = versions(world)
    .list()
    .filter(([key]) => key.startsWith(`${name}/versions/`))
    .map(([, version]) => shown(version))
    .toReversed();
  const all = filtered(own, call.query.get('filter'));
  return ok({ ...page('versions', all, call.query), totalSize: all.length });
}

/** `:enable`, `:disable` and `:destroy`; a destroyed version stays destroyed. */
export function changeState(
  world: World,
  call: Call,
  verb: 'enable' | 'disable' | 'destroy',
): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, `secretmanager.versions.${verb}`, secretOf(name));
  const version = versionNamed(world, name);
  etag.check(version.etag, StateBody.parse(call.body)?.etag);
  if (version.state === 'DESTROYED' && verb !== 'destroy') {
    throw new GoogleError(
      'FAILED_PRECONDITION',
      `Secret Version [${version.name}] is in DESTROYED state.`,
    );
  }
  const { payload, ...rest } = version;
  const next: Version = { ...rest, state: states[verb], etag: freshEtag() };
  if (verb === 'destroy') next.destroyTime = world.now().toISOString();
  else if (payload !== undefined) next.payload = payload;
  versions(world).set(version.name, next);
  return ok(shown(next));
}

const states = { enable: 'ENABLED', disable: 'DISABLED', destroy: 'DESTROYED' } as const;

function payloadOf(version: Version): string {
  if (version.state === 'ENABLED' && version.payload !== undefined) return version.payload;
  throw new GoogleError(
    'FAILED_PRECONDITION',
    `Secret Version [${version.name}] is in ${version.state} state.`,
  );
}

function shown(version: Version): Record<string, unknown> {
  const { payload: _secret, ...rest } = version;
  return { ...rest, replicationStatus: { automatic: {} } };
}

function secretOf(versionName: string): string {
  return versionName.split('/versions/')[0] ?? '';
}

function checksum(data: string): string {
  return String(crc32c(Buffer.from(data, 'base64')));
}
