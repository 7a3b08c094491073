import type { World } from '../world.ts';
import { GoogleError, notFound, ok, param, type Route } from './http.ts';
import type { Policy } from './policy-store.ts';
import { allWalls, DeclaredWalls, declareWalls, setWall, stands, Wall } from './standing-walls.ts';

const WALL = '/_sandbox/walls/{name}';

/** `PUT` and `DELETE` raise and lower a wall; without a name `PUT` takes windlass.yaml's word. */
export function wallRoutes(world: World): readonly Route[] {
  const all = () => ok(allWalls(world));
  return [
    { method: 'GET', template: '/_sandbox/walls', handle: all },
    {
      ...{ method: 'PUT', template: '/_sandbox/walls' },
      handle({ body }) {
        declareWalls(world, DeclaredWalls.parse(body));
        return all();
      },
    },
    {
      ...{ method: 'PUT', template: WALL },
      handle(call) {
        setWall(world, Wall.parse(param(call, 'name')), true);
        return all();
      },
    },
    {
      ...{ method: 'DELETE', template: WALL },
      handle(call) {
        const name = Wall.parse(param(call, 'name'));
        if (!stands(world, name)) throw notFound(`The wall ${name} does not stand.`);
        setWall(world, name, false);
        return all();
      },
    },
  ];
}

/** With the constraint `iam.allowedPolicyMemberDomains` nobody outside may be added to a policy. */
export function refuseOutsiders(world: World, before: Policy, next: Policy): void {
  if (!stands(world, 'allowedPolicyMemberDomains')) return;
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
