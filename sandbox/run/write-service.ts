import { type Caller, GoogleError, invalid } from '../google/http.ts';
import { accountExists } from '../google/account-records.ts';
import { demand } from '../google/policies.ts';
import { accountResource } from '../google/resource-names.ts';
import type { Message } from './read-message.ts';
import { checkedSpec, freshService, type Generation, nextGeneration } from './generations.ts';
import { serviceNamed, type ServiceRecord, services } from './records.ts';
import { shortName } from './records.ts';
import type { Running } from './roll-out.ts';
import { readTemplate } from './template.ts';

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
  checkAccount(running, spec, by);
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
  checkAccount(running, spec, by);
  return {
    preview: { ...before, spec },
    commit: async () => nextGeneration(world, serviceNamed(world, name), spec, memberOf(by)),
  };
}

// Who deploys must be allowed to act as the account that the revision runs as.
function checkAccount({ world }: Running, spec: Message, by: Caller): void {
  const { serviceAccount = '' } = readTemplate(spec['template']);
  if (!serviceAccount.endsWith('.iam.gserviceaccount.com')) return;
  demand(world, by, 'iam.serviceAccounts.actAs', accountResource(serviceAccount));
  if (accountExists(world, serviceAccount)) return;
  throw invalid(`Service account ${serviceAccount} does not exist.`);
}

const memberOf = ({ member }: Caller): string => member.replace(/^[a-zA-Z]+:/, '');
