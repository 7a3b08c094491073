import { type Caller, GoogleError, invalid } from '../google/http.ts';
import type { Message } from './read-message.ts';
import { checkedSpec, freshService, type Generation, nextGeneration } from './generations.ts';
import { serviceNamed, type ServiceRecord, services } from './records.ts';
import { shortName } from './records.ts';
import type { Running } from './roll-out.ts';
import { readTemplate } from './template.ts';
import { checkAccount, memberOf } from './who-deploys.ts';

const SERVICE_ID = /^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/;

/** A create or an update after its checks; `commit` stores it. */
export interface Write {
  /** The service as it would be. */
  readonly preview: ServiceRecord;
  readonly commit: () => Promise<Generation>;
}

/** A new service; ALREADY_EXISTS where there is one. Its addresses open when it is committed. */
export function createService(running: Running, name: string, asked: Message, by: Caller): Write {
  const { world, fleet } = running;
  if (!SERVICE_ID.test(shortName(name))) {
    throw invalid(
      'Violation in CreateServiceRequest.service_id: only lowercase letters, digits and hyphens, at most 49.',
    );
  }
  if (services(world).get(name) !== undefined) {
    throw new GoogleError('ALREADY_EXISTS', `Resource '${shortName(name)}' already exists.`);
  }
  const fresh = freshService(world, name, memberOf(by));
  const spec = checkedSpec(world, fresh, asked);
  checkAccount(world, by, readTemplate(spec['template']).serviceAccount);
  return {
    preview: { ...fresh, spec },
    async commit() {
      const generation = nextGeneration(world, fresh, spec, memberOf(by));
      return { ...generation, service: await fleet.settle(name) };
    },
  };
}

/** The next generation of a service that exists. */
export function updateService(running: Running, name: string, asked: Message, by: Caller): Write {
  const { world } = running;
  const before = serviceNamed(world, name);
  const spec = checkedSpec(world, before, asked);
  checkAccount(world, by, readTemplate(spec['template']).serviceAccount);
  return {
    preview: { ...before, spec },
    commit: async () => nextGeneration(world, serviceNamed(world, name), spec, memberOf(by)),
  };
}
