import { z } from 'zod';
import type { World } from '../world.ts';
import { GoogleError, notFound, ok, param, type Route } from './http.ts';
import type { Policy } from './policy-store.ts';

/** Walls that some organizations and billing accounts have, and the sandbox's only when told so. */
const Wall = z.enum(['allowedPolicyMemberDomains']);

const WALL = '/_sandbox/walls/{name}';

/** `PUT` and `DELETE` raise and lower a wall; `GET` says which stand. */
export function wallRoutes(world: World): readonly Route[] {
  const all = () => ok(Object.fromEntries(walls(world).list()));
  return [
    { method: 'GET', template: '/_sandbox/walls', handle: all },
    {
      ...{ method: 'PUT', template: WALL },
      handle(call) {
        walls(world).set(Wall.parse(param(call, 'name')), true);
        return all();
      },
    },
    {
      ...{ method: 'DELETE', template: WALL },
      handle(call) {
        const name = param(call, 'name');
        if (!walls(world).delete(name)) throw notFound(`The wall ${name} does not stand.`);
        return all();
      },
    },
  ];
}

/** With the constraint `iam.allowedPolicyMemberDomains` nobody outside may be added to a policy. */
export function refuseOutsiders(world: World, before: Policy, next: Policy): void {
  if (walls(world).get('allowedPolicyMemberDomains') !== true) return;
  const known = new Set(outsiders(before));
  if (outsiders(next).every((one) => known.has(one))) return;
  throw new GoogleError(
    'FAILED_PRECONDITION',
    'One or more users named in the policy do not belong to a permitted customer,  perhaps due to an organization policy.',
  );
}

const outsiders = ({ bindings = [] }: Policy): readonly string[] =>
  bindings.flatMap(({ role, members }) =>
    members.filter((one) => /^all(Authenticated)?Users$/.test(one)).map((one) => `${role} ${one}`),
  );

const walls = (world: World) => world.collection('walls', z.boolean());
