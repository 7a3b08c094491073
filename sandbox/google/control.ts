import { Fault } from '../faults.ts';
import { ProfileChange } from '../profile.ts';
import type { World } from '../world.ts';
import { notFound, ok, param, type Reply, type Route } from './http.ts';
import { ensureProject } from './projects.ts';

const FAULT = '/_sandbox/faults/{name}';
const FAULTS = '/_sandbox/faults';
const PROFILE = '/_sandbox/profile';

/** What the other stand-ins want to hear of; the answer waits for them. */
export interface ControlHooks {
  readonly faultsChanged?: () => Promise<void>;
}

/** The sandbox's own switches: health (open to all), faults, profile, projects. */
export function controlRoutes(world: World, hooks: ControlHooks = {}): readonly Route[] {
  return [
    {
      method: 'GET',
      template: '/_sandbox/health',
      open: true,
      handle: () => ok({ ok: true, pid: process.pid, session: world.session }),
    },
    ...faultRoutes(world, hooks),
    { method: 'GET', template: PROFILE, handle: () => ok(world.profile.get()) },
    {
      method: 'PUT',
      template: PROFILE,
      handle: ({ body }) => ok(world.profile.set(ProfileChange.parse(body))),
    },
    {
      method: 'PUT',
      template: '/_sandbox/projects/{id}',
      handle: (call) => ok(ensureProject(world, param(call, 'id'))),
    },
  ];
}

function faultRoutes(world: World, hooks: ControlHooks): readonly Route[] {
  const all = (): Record<string, Fault> => Object.fromEntries(world.faults.list());
  const changed = async (): Promise<Reply> => {
    await hooks.faultsChanged?.();
    return ok(all());
  };
  return [
    { method: 'GET', template: FAULTS, handle: () => ok(all()) },
    {
      method: 'PUT',
      template: FAULT,
      handle(call) {
        world.faults.set(param(call, 'name'), Fault.parse(call.body ?? {}));
        return changed();
      },
    },
    {
      method: 'DELETE',
      template: FAULT,
      handle(call) {
        const name = param(call, 'name');
        if (!world.faults.delete(name)) throw notFound(`The fault ${name} is not switched on.`);
        return changed();
      },
    },
    {
      method: 'DELETE',
      template: FAULTS,
      handle() {
        world.faults.clear();
        return changed();
      },
    },
  ];
}
