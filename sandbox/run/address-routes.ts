import { ok, param, type Route } from '../google/http.ts';
import type { Fleet } from './fleet.ts';

/** Tells what Cloud Run leaves to a rule: the address of a service by its name, place and project. */
export function addressRoutes(fleet: Fleet): readonly Route[] {
  return [
    {
      method: 'GET',
      template: '/_sandbox/addresses/{project}/{region}/{service}',
      async handle(call) {
        const at = (name: string) => param(call, name);
        const name = `projects/${at('project')}/locations/${at('region')}/services/${at('service')}`;
        const tag = call.query.get('tag') ?? undefined;
        return ok({ url: await fleet.reserve(name, tag) });
      },
    },
  ];
}
