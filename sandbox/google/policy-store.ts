import { z } from 'zod';
import type { World } from '../world.ts';
import { type Caller, GoogleError } from './http.ts';
import { ancestry } from './resource-names.ts';
import { actsAsAccount, roleGrants } from './roles.ts';
import { stands } from './standing-walls.ts';

const Binding = z.object({
  role: z.string(),
  members: z.array(z.string()),
  condition: z.record(z.string(), z.unknown()).optional(),
});
export type Binding = z.infer<typeof Binding>;

/** A policy as clients send and read it. */
export const Policy = z.object({
  version: z.number().optional(),
  etag: z.string().optional(),
  bindings: z.array(Binding).optional(),
});
export type Policy = z.infer<typeof Policy>;

// One member in one role: effective from `from` until `until`, in milliseconds since 1970.
const Grant = z.object({
  role: z.string(),
  member: z.string(),
  from: z.number(),
  until: z.number().optional(),
});
type Grant = z.infer<typeof Grant>;

const Kept = z.object({
  revision: z.number(),
  version: z.number(),
  bindings: z.array(Binding),
  grants: z.array(Grant),
});

/** The declared policy of a resource; an empty one is `{version, etag}` as Google answers it. */
export function readPolicy(world: World, resource: string): Policy {
  const kept = policies(world).get(resource);
  if (kept === undefined) return { version: 1, etag: 'ACAB' };
  const { version, bindings } = kept;
  const policy = { version, etag: etagOf(kept.revision) };
  return bindings.length === 0 ? policy : { ...policy, bindings };
}

/** Replaces a policy; 409 ABORTED where its etag is stale. It takes the profile's time to spread. */
export function writePolicy(world: World, resource: string, policy: Policy): Policy {
  const before = readPolicy(world, resource);
  if (policy.etag !== undefined && policy.etag !== '' && policy.etag !== before.etag) {
    throw new GoogleError(
      'ABORTED',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  }
  const kept = policies(world).get(resource);
  const bindings = (policy.bindings ?? []).filter(({ members }) => members.length > 0);
  policies(world).set(resource, {
    revision: (kept?.revision ?? 0) + 1,
    version: policy.version ?? 1,
    bindings,
    grants: spread(world, kept?.grants ?? [], bindings),
  });
  return readPolicy(world, resource);
}

/** Forgets the policy of a deleted resource and of everything below it. */
export function dropPolicies(world: World, resource: string): void {
  for (const [name] of policies(world).list()) {
    if (name === resource || name.startsWith(`${resource}/`)) policies(world).delete(name);
  }
}

/** A deleted account stays in the policies by its number, and grants nothing more. */
export function markDeleted(world: World, email: string, uniqueId: string): void {
  const member = `serviceAccount:${email}`;
  const renamed = `deleted:${member}?uid=${uniqueId}`;
  for (const [resource, kept] of policies(world).list()) {
    if (!kept.bindings.some(({ members }) => members.includes(member))) continue;
    const bindings = kept.bindings.map(({ members, ...binding }) => ({
      ...binding,
      members: members.map((one) => (one === member ? renamed : one)),
    }));
    const grants = kept.grants.filter((grant) => grant.member !== member);
    const revision = kept.revision + 1;
    policies(world).set(resource, { ...kept, revision, bindings, grants });
  }
}

/** Whether a member holds a permission on a resource by a binding that has really spread. */
export function allows(
  world: World,
  member: string,
  permission: string,
  resourceName: string,
): boolean {
  const now = world.now().getTime();
  return ancestry(world, resourceName).some((resource) =>
    (policies(world).get(resource)?.grants ?? []).some(
      (grant) =>
        grant.from <= now &&
        (grant.until === undefined || now < grant.until) &&
        speaksFor(grant.member, member) &&
        roleGrants(grant.role, permission),
    ),
  );
}

/** Whether the caller may: as the owner, who makes no tokens without a grant, or by a binding. */
export function may(
  world: World,
  caller: Caller,
  permission: string,
  resourceName: string,
): boolean {
  const asOwner = !(actsAsAccount(permission) && stands(world, 'impersonation'));
  return (caller.owner && asOwner) || allows(world, caller.member, permission, resourceName);
}

/** Throws PERMISSION_DENIED unless the caller may. */
export function demand(
  world: World,
  caller: Caller,
  permission: string,
  resourceName: string,
): void {
  if (may(world, caller, permission, resourceName)) return;
  throw new GoogleError(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource '${resourceName}' (or it may not exist).`,
  );
}

function spread(world: World, before: readonly Grant[], bindings: readonly Binding[]): Grant[] {
  const now = world.now().getTime();
  const { iamSpreadMs, iamJitterMs } = world.profile.get();
  const at = now + Math.max(0, iamSpreadMs + iamJitterMs * world.profile.jitter());
  const wanted = new Map(
    bindings
      .flatMap(({ role, members }) => members.map((member) => ({ role, member })))
      .map((grant) => [`${grant.role} ${grant.member}`, grant]),
  );
  const kept = before
    .filter(({ from, until }) => (until ?? Infinity) > Math.max(now, from))
    .flatMap((grant): Grant[] => {
      const again = wanted.delete(`${grant.role} ${grant.member}`);
      const { until, ...open } = grant;
      if (again) return [open];
      return [{ ...open, until: until ?? at }];
    });
  return [...kept, ...[...wanted.values()].map((grant) => ({ ...grant, from: at }))];
}

function speaksFor(granted: string, member: string): boolean {
  return (
    granted === member ||
    granted === 'allUsers' ||
    (granted === 'allAuthenticatedUsers' && member !== 'allUsers')
  );
}

function policies(world: World) {
  return world.collection('policies', Kept);
}

function etagOf(revision: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(revision) + 0x07_0000_0000_0000n);
  return bytes.toString('base64');
}
